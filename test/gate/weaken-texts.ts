// One test in many languages around the lines that a case gives it. For the cases of weakened tests.

export const inJs = (body: string) =>
  `import { cart } from './cart';\n\nit('adds', async () => {\n  const sum = cart(1, 2);\n  ${body.replaceAll('\n', '\n  ')}\n});\n\nit('holds', () => {\n  expect(cart()).toBe(0);\n});\n`;
export const inPy = (body: string) =>
  `from cart import cart\n\n\ndef test_adds():\n    total = cart(1, 2)\n    ${body.replaceAll('\n', '\n    ')}\n\n\ndef test_holds():\n    assert cart() == 0\n`;
export const inUnit = (body: string) =>
  `class CartTest(TestCase):\n    def test_adds(self):\n        total = cart(1, 2)\n        ${body.replaceAll('\n', '\n        ')}\n`;
export const inGo = (body: string) =>
  `package cart\n\nfunc TestAdds(t *testing.T) {\n\tgot, err := Cart(1, 2)\n\t${body.replaceAll('\n', '\n\t')}\n}\n`;
export const inRust = (body: string) =>
  `#[test]\nfn adds() {\n    let sum = cart(1, 2);\n    ${body.replaceAll('\n', '\n    ')}\n}\n`;
export const inJava = (body: string) =>
  `class CartTest {\n    @Test\n    void adds() {\n        int sum = cart(1, 2);\n        ${body.replaceAll('\n', '\n        ')}\n    }\n}\n`;
export const inCs = (body: string) =>
  `public class CartTests\n{\n    [Fact]\n    public void Adds()\n    {\n        var sum = Cart(1, 2);\n        ${body.replaceAll('\n', '\n        ')}\n    }\n}\n`;
export const inRuby = (body: string) =>
  `describe Cart do\n  it 'adds' do\n    sum = cart(1, 2)\n    ${body.replaceAll('\n', '\n    ')}\n  end\nend\n`;
export const inMini = (body: string) =>
  `class CartTest < Minitest::Test\n  def test_adds\n    sum = cart(1, 2)\n    ${body.replaceAll('\n', '\n    ')}\n  end\nend\n`;
export const inPhp = (body: string) =>
  `<?php\nclass CartTest extends TestCase\n{\n    public function testAdds(): void\n    {\n        $sum = cart(1, 2);\n        ${body.replaceAll('\n', '\n        ')}\n    }\n}\n`;
export const inSwift = (body: string) =>
  `final class CartTests: XCTestCase {\n    func testAdds() {\n        let sum = cart(1, 2)\n        ${body.replaceAll('\n', '\n        ')}\n    }\n}\n`;
export const inExs = (body: string) =>
  `defmodule CartTest do\n  test "adds" do\n    sum = Cart.sum(1, 2)\n    ${body.replaceAll('\n', '\n    ')}\n  end\nend\n`;
export const inCpp = (body: string) =>
  `TEST(Cart, Adds) {\n  auto sum = cart(1, 2);\n  ${body.replaceAll('\n', '\n  ')}\n}\n`;
