// The gate's rules as data: tests that stay and check less, in the frameworks that people use.
import type { GateRule } from '../../src/job/gate-rules.ts';
import type { Case } from './cases.ts';
import {
  inCpp,
  inCs,
  inExs,
  inGo,
  inJava,
  inJs,
  inMini,
  inPhp,
  inPy,
  inRuby,
  inRust,
  inSwift,
  inUnit,
} from './weaken-texts.ts';

type Lines = readonly [before: string, caught: string, innocent: string];

export const of =
  (path: string, wrap: (body: string) => string, rule: GateRule = 'weakened_test') =>
  (name: string, [before, caught, innocent]: Lines): Case => ({
    rule,
    name: `${name} (${path})`,
    file: path,
    severity: 'warn',
    caught: { before: { [path]: wrap(before) }, after: { [path]: wrap(caught) } },
    innocent: { before: { [path]: wrap(before) }, after: { [path]: wrap(innocent) } },
  });

const js = of('cart.test.ts', inJs);
const py = of('tests/test_cart.py', inPy);
const unit = of('tests/test_unit.py', inUnit);
const go = of('cart_test.go', inGo);
const rust = of('tests/cart.rs', inRust);
const java = of('src/test/java/CartTest.java', inJava);
const cs = of('Tests/CartTests.cs', inCs);
const ruby = of('spec/cart_spec.rb', inRuby);
const mini = of('test/cart_test.rb', inMini);
const php = of('tests/CartTest.php', inPhp);
const swift = of('Tests/CartTests.swift', inSwift);
const exs = of('test/cart_test.exs', inExs);
const cpp = of('tests/cart_test.cc', inCpp);

const JS: readonly Case[] = [
  js('fewer assertions', [
    'expect(sum.price).toBe(3);\nexpect(sum.tax).toBe(1);',
    'expect(sum.price).toBe(3);',
    'expect(sum).toEqual({\n  price: 3,\n  tax: 1,\n});',
  ]),
  js('no assertion', ['expect(sum).toBe(3);', 'void sum;', 'expectSum(sum, 3);']),
  js('an assertion in a comment', [
    'expect(sum).toBe(3);',
    '// expect(sum).toBe(3);',
    '// A sum.\nexpect(sum).toBe(3);',
  ]),
  js('toBe to toBeTruthy', ['expect(sum).toBe(3);', 'expect(sum).toBeTruthy();', 'expect(sum).toEqual(3);']),
  js('toEqual to toBeDefined', [
    'expect(sum).toEqual({ a: 1 });',
    'expect(sum).toBeDefined();',
    'expect(sum).toStrictEqual({ a: 1 });',
  ]),
  js('toBe to not.toThrow', [
    'expect(cart(1)).toBe(1);',
    'expect(() => cart(1)).not.toThrow();',
    'expect(await cart(1)).toBe(1);',
  ]),
  js('toThrow without its message', [
    "expect(() => cart(-1)).toThrow('negative');",
    'expect(() => cart(-1)).toThrow();',
    "expect(() => cart(-1)).toThrowError('negative');",
  ]),
  js('expect.anything()', [
    'expect(sum).toEqual({ id: 12, price: 3 });',
    'expect(sum).toEqual({ id: expect.anything(), price: expect.any(Number) });',
    'expect(sum).toEqual({ price: 3, id: 12 });',
  ]),
  js('toEqual to toMatchObject', [
    'expect(sum).toEqual({ a: 1, b: 2 });',
    'expect(sum).toMatchObject({ a: 1 });',
    'expect(sum).toStrictEqual({ a: 1, b: 2 });',
  ]),
  js('toBe to a pattern', [
    "expect(sum.text).toBe('three');",
    'expect(sum.text).toMatch(/.*/);',
    'expect(sum.text).toBe(`three`);',
  ]),
  js('true is true', ['expect(sum).toBe(3);', 'expect(true).toBe(true);', 'expect(3).toBe(sum);']),
  js('itself', ['expect(sum).toBe(3);', 'expect(sum).toBe(sum);', 'expect(sum).toBe(1 + 2);']),
  js('|| true', [
    'expect(sum === 3).toBe(true);',
    'expect(sum === 3 || true).toBe(true);',
    'expect(sum === 3 && isOpen).toBe(true);',
  ]),
  js('swallowed', [
    'expect(sum).toBe(3);',
    'try {\n  expect(sum).toBe(3);\n} catch {\n  // flaky\n}',
    'try {\n  expect(sum).toBe(3);\n} finally {\n  close();\n}',
  ]),
  js('swallowed with a word', [
    'expect(sum).toBe(3);',
    'try {\n  expect(sum).toBe(3);\n} catch (error) {\n  console.log(error);\n}',
    'try {\n  close();\n} catch (error) {\n  console.log(error);\n}\nexpect(sum).toBe(3);',
  ]),
  js('a promise that is caught', [
    'await expect(load()).resolves.toBe(3);',
    'await expect(load()).resolves.toBe(3).catch(() => {});',
    'await expect(load().catch(() => 3)).resolves.toBe(3);',
  ]),
  js('expect.assertions', [
    'expect.assertions(2);\nexpect(sum).toBe(3);',
    'expect(sum).toBe(3);',
    'expect.assertions(2);\nexpect(sum).toEqual(3);',
  ]),
  js('fewer digits', [
    'expect(sum).toBeCloseTo(3.14159, 5);',
    'expect(sum).toBeCloseTo(3.14159, 1);',
    'expect(sum).toBeCloseTo(3.14159, 6);',
  ]),
  js('a higher bound', [
    'expect(sum).toBeLessThan(100);',
    'expect(sum).toBeLessThan(1000);',
    'expect(sum).toBeLessThan(50);',
  ]),
  js('a mock of what is tested', [
    'expect(cart()).toBe(3);',
    "vi.mock('./cart', () => ({ cart: () => 3 }));\nexpect(cart()).toBe(3);",
    "vi.mock('./tax', () => ({ tax: () => 0 }));\nexpect(cart()).toBe(3);",
  ]),
  js('more time', [
    'expect(await load({ timeout: 100 })).toBe(3);',
    'expect(await load({ timeout: 90000 })).toBe(3);',
    'expect(await load({ timeout: 100 })).toEqual(3);',
  ]),
  js('more tries', [
    'expect(sum).toBe(3);',
    'jest.retryTimes(5);\nexpect(sum).toBe(3);',
    'retryQueue();\nexpect(sum).toBe(3);',
  ]),
  js('chai', ['expect(sum).to.equal(3);', 'expect(sum).to.be.ok;', 'expect(sum).to.eql(3);']),
  js('node:assert', ['assert.strictEqual(sum, 3);', 'assert.ok(sum);', 'assert.equal(sum, 3);']),
  js('ava', ['t.is(sum, 3);', 't.truthy(sum);', 't.deepEqual(sum, 3);']),
  js('Playwright', [
    "await expect(page.getByRole('status')).toHaveText('Saved');",
    "await expect(page.getByRole('status')).toBeDefined();",
    "await expect(page.getByRole('status')).toHaveText(`Saved`);",
  ]),
  js('Cypress', [
    "cy.get('.sum').should('have.text', '3');\ncy.get('.tax').should('have.text', '1');",
    "cy.get('.sum').should('have.text', '3');",
    "cy.get('.sum').should('have.text', '3');\ncy.get('.tax').should('have.text', '1').click();",
  ]),
];

const PYTHON: readonly Case[] = [
  py('assert without its value', ['assert total == 3', 'assert total', 'assert 3 == total']),
  py('is not None', ['assert total == 3', 'assert total is not None', 'assert total == 3, "adds up"']),
  py('assert True', ['assert total == 3', 'assert True', 'assert total == 1 + 2']),
  py('or True', ['assert total == 3', 'assert total == 3 or True', 'assert total == 3 and total.ok']),
  py('fewer', [
    'assert total.price == 3\nassert total.tax == 1',
    'assert total.price == 3',
    'assert (total.price, total.tax) == (3, 1)',
  ]),
  py('swallowed', [
    'assert total == 3',
    'try:\n    assert total == 3\nexcept AssertionError:\n    pass',
    'try:\n    close()\nexcept OSError:\n    pass\nassert total == 3',
  ]),
  py('swallowed by suppress', [
    'assert total == 3',
    'with contextlib.suppress(AssertionError):\n    assert total == 3',
    'with contextlib.closing(total):\n    assert total == 3',
  ]),
  py('a wider tolerance', [
    'assert total == pytest.approx(3.1, abs=0.01)',
    'assert total == pytest.approx(3.1, abs=5.0)',
    'assert total == pytest.approx(3.1, abs=0.001)',
  ]),
  py('in', ['assert total.text == "three"', 'assert "t" in total.text', "assert total.text == 'three'"]),
  py('a mock of what is asserted', [
    'assert total_of(3) == 3',
    'with patch("shop.cart.total_of", return_value=3):\n    assert total_of(3) == 3',
    'with patch("shop.cart.tax_of", return_value=3):\n    assert total_of(3) == 3',
  ]),
  py('any exception', [
    'with pytest.raises(ValueError):\n    cart(-1)\nassert total == 3',
    'assert total == 3',
    'with pytest.raises(ValueError):\n    cart(-5)\nassert total == 3',
  ]),
  unit('assertEqual to assertIsNotNone', [
    'self.assertEqual(total, 3)',
    'self.assertIsNotNone(total)',
    'self.assertEqual(3, total)',
  ]),
  unit('assertTrue(True)', [
    'self.assertEqual(total, 3)',
    'self.assertTrue(True)',
    'self.assertTrue(total == 3)',
  ]),
  unit('places', [
    'self.assertAlmostEqual(total, 3.14, places=5)',
    'self.assertAlmostEqual(total, 3.14, places=1)',
    'self.assertAlmostEqual(total, 3.14, places=7)',
  ]),
];

const OTHERS: readonly Case[] = [
  go('a check less', [
    'if err != nil {\n\tt.Fatal(err)\n}\nif got != 3 {\n\tt.Errorf("got %d", got)\n}',
    'if err != nil {\n\tt.Fatal(err)\n}',
    'if err != nil {\n\tt.Fatalf("no: %v", err)\n}\nif got != 3 {\n\tt.Errorf("got %d, not 3", got)\n}',
  ]),
  go('testify', ['require.Equal(t, 3, got)', 'require.NotNil(t, got)', 'assert.Equal(t, 3, got)']),
  go('a log in the place of a failure', [
    'if got != 3 {\n\tt.Errorf("got %d", got)\n}',
    'if got != 3 {\n\tt.Logf("got %d", got)\n}',
    'if got != 3 {\n\tt.Fatalf("got %d", got)\n}',
  ]),
  rust('assert!(true)', ['assert_eq!(sum, 3);', 'assert!(true);', 'assert_eq!(3, sum);']),
  rust('is_ok', [
    'assert_eq!(sum.unwrap(), 3);',
    'assert!(sum.is_ok());',
    'assert_eq!(sum.expect("a sum"), 3);',
  ]),
  java('assertNotNull', ['assertEquals(3, sum);', 'assertNotNull(sum);', 'Assertions.assertEquals(3, sum);']),
  java('AssertJ', [
    'assertThat(sum).isEqualTo(3);',
    'assertThat(sum).isNotNull();',
    'assertThat(sum).isEqualTo(3).as("sum");',
  ]),
  java('Hamcrest', [
    'assertThat(sum, is(3));',
    'assertThat(sum, notNullValue());',
    'assertThat(sum, equalTo(3));',
  ]),
  java('swallowed', [
    'assertEquals(3, sum);',
    'try {\n    assertEquals(3, sum);\n} catch (AssertionError e) {\n    e.printStackTrace();\n}',
    'try {\n    assertEquals(3, sum);\n} catch (IOException e) {\n    throw new RuntimeException(e);\n}',
  ]),
  java('a wider delta', [
    'assertEquals(3.0, sum, 0.001);',
    'assertEquals(3.0, sum, 1.5);',
    'assertEquals(3.0, sum, 0.0001);',
  ]),
  cs('Assert.NotNull', ['Assert.Equal(3, sum);', 'Assert.NotNull(sum);', 'Assert.StrictEqual(3, sum);']),
  cs('FluentAssertions', [
    'sum.Should().Be(3);',
    'sum.Should().NotBeNull();',
    'sum.Should().Be(3, "it adds");',
  ]),
  cs('Assert.That', [
    'Assert.That(sum, Is.EqualTo(3));',
    'Assert.That(sum, Is.Not.Null);',
    'Assert.That(sum, Is.EqualTo(3), "adds");',
  ]),
  ruby('be_truthy', ['expect(sum).to eq(3)', 'expect(sum).to be_truthy', 'expect(sum).to eql(3)']),
  ruby('not_to raise_error', [
    'expect(sum).to eq 3',
    'expect { cart(1) }.not_to raise_error',
    'expect(sum).to be 3',
  ]),
  ruby('rescued', [
    'expect(sum).to eq 3',
    'begin\n  expect(sum).to eq 3\nrescue RSpec::Expectations::ExpectationNotMetError\n  nil\nend',
    'begin\n  expect(sum).to eq 3\nensure\n  close\nend',
  ]),
  mini('refute_nil', ['assert_equal 3, sum', 'refute_nil sum', 'assert_equal(3, sum)']),
  php('assertNotNull', [
    '$this->assertSame(3, $sum);',
    '$this->assertNotNull($sum);',
    'self::assertSame(3, $sum);',
  ]),
  php('assertTrue(true)', [
    '$this->assertSame(3, $sum);',
    '$this->assertTrue(true);',
    '$this->assertEquals(3, $sum);',
  ]),
  swift('XCTAssertNotNil', [
    'XCTAssertEqual(sum, 3)',
    'XCTAssertNotNil(sum)',
    'XCTAssertEqual(sum, 3, "adds")',
  ]),
  exs('assert true', ['assert sum == 3', 'assert true', 'assert 3 == sum']),
  exs('assert of anything', ['assert sum == 3', 'assert sum', 'assert sum === 3']),
  cpp('EXPECT_TRUE', ['EXPECT_EQ(sum, 3);', 'EXPECT_TRUE(true);', 'ASSERT_EQ(sum, 3);']),
  cpp('EXPECT_NE', ['EXPECT_EQ(sum, 3);', 'EXPECT_NE(sum, nullptr);', 'EXPECT_EQ(3, sum);']),
  cpp('near', [
    'EXPECT_NEAR(sum, 3.0, 0.001);',
    'EXPECT_NEAR(sum, 3.0, 2.5);',
    'EXPECT_NEAR(sum, 3.0, 0.0001);',
  ]),
];

export const WEAKEN_CASES: readonly Case[] = [...JS, ...PYTHON, ...OTHERS];
