// The same two tests in many languages and frameworks: path and text. For the cases of skipped tests.

export const JS = [
  'total.test.ts',
  `import { total } from './total';

describe('total', () => {
  it('adds the prices', () => {
    const cart = [1, 2];
    expect(total(cart)).toBe(3);
  });

  it('is zero for an empty cart', () => {
    expect(total([])).toBe(0);
  });
});
`,
] as const;
export const PY = [
  'tests/test_total.py',
  `import pytest
from shop.total import total


def test_adds():
    cart = [1, 2]
    assert total(cart) == 3


class TestEmpty:
    def test_zero(self):
        assert total([]) == 0
`,
] as const;
export const GO = [
  'total/total_test.go',
  `package total

func TestAdds(t *testing.T) {
	got := Total(1, 2)
	if got != 3 {
		t.Errorf("got %d", got)
	}
}

func TestZero(t *testing.T) {
	if Total() != 0 {
		t.Fatal("no zero")
	}
}
`,
] as const;
export const RUST = [
  'src/total.rs',
  `pub fn total(cart: &[u32]) -> u32 {
    cart.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds() {
        assert_eq!(total(&[1, 2]), 3);
    }

    #[test]
    fn zero() {
        assert_eq!(total(&[]), 0);
    }
}
`,
] as const;
export const JAVA = [
  'src/test/java/TotalTest.java',
  `class TotalTest {
    @Test
    void adds() {
        assertEquals(3, total(1, 2));
    }

    @Test
    void zero() {
        assertEquals(0, total());
    }
}
`,
] as const;
export const CS = [
  'Tests/TotalTests.cs',
  `public class TotalTests
{
    [Fact]
    public void Adds()
    {
        Assert.Equal(3, Total(1, 2));
    }

    [Test]
    public void Zero()
    {
        Assert.AreEqual(0, Total());
    }
}
`,
] as const;
export const RUBY = [
  'spec/total_spec.rb',
  `describe Total do
  it 'adds' do
    expect(total(1, 2)).to eq(3)
  end

  it 'is zero' do
    expect(total).to eq(0)
  end
end
`,
] as const;
export const PHP = [
  'tests/TotalTest.php',
  `<?php
class TotalTest extends TestCase
{
    public function testAdds(): void
    {
        $this->assertSame(3, total(1, 2));
    }

    public function testZero(): void
    {
        $this->assertSame(0, total());
    }
}
`,
] as const;
export const PEST = [
  'tests/TotalTest.php',
  `<?php
it('adds', function () {
    expect(total(1, 2))->toBe(3);
});

it('is zero', function () {
    expect(total())->toBe(0);
});
`,
] as const;
export const SWIFT = [
  'Tests/TotalTests.swift',
  `final class TotalTests: XCTestCase {
    func testAdds() throws {
        XCTAssertEqual(total(1, 2), 3)
    }

    func testZero() throws {
        XCTAssertEqual(total(), 0)
    }
}
`,
] as const;
export const ELIXIR = [
  'test/total_test.exs',
  `defmodule TotalTest do
  use ExUnit.Case

  test "adds" do
    assert Total.total([1, 2]) == 3
  end

  test "is zero" do
    assert Total.total([]) == 0
  end
end
`,
] as const;
export const CPP = [
  'tests/total_test.cc',
  `TEST(Total, Adds) {
  EXPECT_EQ(total({1, 2}), 3);
}

TEST(Total, Zero) {
  EXPECT_EQ(total({}), 0);
}
`,
] as const;
export const KOTLIN = [
  'src/test/kotlin/TotalTest.kt',
  `class TotalTest {
    @Test
    fun \`adds the prices\`() {
        assertEquals(3, total(1, 2))
    }

    @Test
    fun zero() {
        assertEquals(0, total())
    }
}
`,
] as const;
