// The corpus: what tests take in from elsewhere, moved, renamed and added to as people do it in several languages.
import type { Texts } from '../../support/change-of.ts';
import { type Diff, edit, move, together } from './diff.ts';

const GO: readonly [string, string] = [
  'cart/cart_test.go',
  'package cart_test\n\nimport (\n\t"testing"\n\n\t"example.com/shop/cart"\n)\n\nfunc TestTotal(t *testing.T) {\n\tif got := cart.Total(1, 2); got != 3 {\n\t\tt.Fatalf("got %d", got)\n\t}\n}\n',
];
const JUNIT: readonly [string, string] = [
  'src/test/java/shop/CartTest.java',
  'package shop;\n\nimport static org.junit.Assert.assertEquals;\n\nimport org.junit.Test;\nimport shop.pay.Money;\n\npublic class CartTest {\n    @Test\n    public void rounds() {\n        assertEquals(2, Money.round(1.9));\n    }\n}\n',
];
const MONEY =
  'package shop.pay;\n\npublic class Money {\n    public static int round(double x) {\n        return (int) Math.round(x);\n    }\n}\n';
const CSHARP: readonly [string, string] = [
  'Tests/CartTests.cs',
  'using Shop.Carts;\nusing Xunit;\n\npublic class CartTests\n{\n    [Fact]\n    public void Adds()\n    {\n        Assert.Equal(3, new Cart(1, 2).Total());\n    }\n}\n',
];
const RUST: readonly [string, string] = [
  'tests/cart.rs',
  'use shop::cart::total;\n\n#[test]\nfn adds() {\n    assert_eq!(total(&[1, 2]), 3);\n}\n',
];
const RUBY: readonly [string, string] = [
  'spec/cart_spec.rb',
  "require 'spec_helper'\nrequire_relative '../lib/shop/cart'\n\nRSpec.describe Cart do\n  it 'adds' do\n    expect(Cart.new(1, 2).total).to eq(3)\n  end\nend\n",
];
const PHP: readonly [string, string] = [
  'tests/CartTest.php',
  '<?php\n\nuse PHPUnit\\Framework\\TestCase;\nuse Shop\\Cart;\n\nclass CartTest extends TestCase\n{\n    public function testAdds(): void\n    {\n        $this->assertSame(3, (new Cart(1, 2))->total());\n    }\n}\n',
];
const around = (diff: Diff, files: Texts): Diff => ({
  ...diff,
  before: { ...files, ...diff.before },
  after: { ...files, ...diff.after },
});

export const HONEST_IMPORTS: readonly Diff[] = [
  together(
    'go: a package renamed with its tests',
    {
      name: '',
      before: { 'cart/cart.go': 'package cart\n\nfunc Total(a, b int) int {\n\treturn a + b\n}\n' },
      after: { 'basket/cart.go': 'package basket\n\nfunc Total(a, b int) int {\n\treturn a + b\n}\n' },
    },
    edit('', GO, ['example.com/shop/cart', 'example.com/shop/basket'], ['cart.Total', 'basket.Total']),
  ),
  around(
    edit('go: another library of assertions', GO, [
      '\t"example.com/shop/cart"\n',
      '\t"example.com/shop/cart"\n\t"github.com/stretchr/testify/require"\n',
    ]),
    { 'cart/cart.go': 'package cart\n' },
  ),
  edit(
    'go: mocks under another roof',
    [
      'mail/mail_test.go',
      'package mail\n\nimport (\n\t"testing"\n\n\t"github.com/golang/mock/gomock"\n)\n\nfunc TestSend(t *testing.T) {\n\tctrl := gomock.NewController(t)\n\tif err := Send(ctrl); err != nil {\n\t\tt.Fatal(err)\n\t}\n}\n',
    ],
    ['github.com/golang/mock/gomock', 'go.uber.org/mock/gomock'],
  ),
  around(
    edit(
      'java: JUnit 4 to 5',
      JUNIT,
      ['org.junit.Assert.assertEquals', 'org.junit.jupiter.api.Assertions.assertEquals'],
      ['org.junit.Test', 'org.junit.jupiter.api.Test'],
    ),
    { 'src/main/java/shop/pay/Money.java': MONEY },
  ),
  together(
    'java: a class in another package',
    {
      name: '',
      before: { 'src/main/java/shop/pay/Money.java': MONEY },
      after: { 'src/main/java/shop/money/Money.java': MONEY.replace('shop.pay', 'shop.money') },
    },
    edit('', JUNIT, ['shop.pay.Money', 'shop.money.Money']),
  ),
  around(
    edit(
      'java: imports written out',
      [JUNIT[0], JUNIT[1].replace('shop.pay.Money', 'shop.pay.*')],
      ['shop.pay.*', 'shop.pay.Money'],
    ),
    { 'src/main/java/shop/pay/Money.java': MONEY },
  ),
  edit('java: a name to show', JUNIT, [
    '    @Test\n',
    '    @Test\n    @DisplayName("rounds to the next whole")\n',
  ]),
  together(
    'c#: a namespace renamed',
    edit(
      '',
      ['src/Carts/Cart.cs', 'namespace Shop.Carts;\n\npublic class Cart {}\n'],
      ['Shop.Carts', 'Shop.Baskets'],
    ),
    edit('', CSHARP, ['Shop.Carts', 'Shop.Baskets']),
  ),
  around(
    edit('c#: one more namespace', CSHARP, ['using Xunit;', 'using Xunit;\nusing Xunit.Abstractions;']),
    { 'src/Carts/Cart.cs': 'namespace Shop.Carts;\n' },
  ),
  together(
    'rust: a module renamed',
    move(
      '',
      ['src/cart.rs', 'src/basket.rs'],
      'pub fn total(items: &[i32]) -> i32 {\n    items.iter().sum()\n}\n',
    ),
    edit('', RUST, ['shop::cart::total', 'shop::basket::total']),
  ),
  around(
    edit(
      'rust: one name more, and a test of it',
      RUST,
      ['use shop::cart::total;', 'use shop::cart::{tax, total};'],
      ['#[test]\nfn adds', '#[test]\nfn taxes() {\n    assert_eq!(tax(10), 2);\n}\n\n#[test]\nfn adds'],
    ),
    { 'src/cart.rs': 'pub fn tax(x: i32) -> i32 {\n    x / 5\n}\n' },
  ),
  around(
    edit('ruby: a helper of the tests', RUBY, [
      "require 'spec_helper'\n",
      "require 'spec_helper'\nrequire_relative 'support/money'\n",
    ]),
    { 'lib/shop/cart.rb': 'class Cart\nend\n', 'spec/support/money.rb': 'module MoneyHelper\nend\n' },
  ),
  around(
    edit('php: an attribute for what is covered', PHP, [
      'class CartTest',
      '#[CoversClass(Cart::class)]\nclass CartTest',
    ]),
    { 'src/Cart.php': '<?php\n\nnamespace Shop;\n\nclass Cart\n{\n}\n' },
  ),
];
