import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readList } from '../../../core/kit/list/read.ts';
import { iconv } from './kit-desk.ts';

const japanese =
  '氏名,メールアドレス,会社名,部署\r\n山田 太郎,taro@example.co.jp,株式会社サンプル,営業部\r\n髙橋 はなこ,,,\r\n';
const chinese = '姓名,邮箱,公司,部门\r\n张伟,zhang@example.cn,示例科技有限公司,销售部\r\n王芳,,,\r\n';
/** Headers in English and one short name: nothing but the name tells the encoding. */
const shortJapanese = 'name,email\r\n佐藤 健,\r\n';
const shortChinese = 'name,email\r\n李娜,\r\n';

const read = (bytes: Uint8Array) => readList(bytes, 'auto');
const names = (bytes: Uint8Array): readonly string[] => read(bytes).lines.map(({ person }) => person.name);

test('a list is read as Excel saves it, and it is said which way that was', () => {
  for (const [text, encoding, iconvName, people] of [
    [japanese, 'shift_jis', 'CP932', ['山田 太郎', '髙橋 はなこ']],
    [chinese, 'gb18030', 'GB18030', ['张伟', '王芳']],
    [shortJapanese, 'shift_jis', 'CP932', ['佐藤 健']],
    [shortChinese, 'gb18030', 'GBK', ['李娜']],
    [japanese, 'utf-8', 'UTF-8', ['山田 太郎', '髙橋 はなこ']],
    [`\ufeff${chinese}`, 'utf-8', 'UTF-8', ['张伟', '王芳']],
    [`\ufeff${japanese}`, 'utf-16le', 'UTF-16LE', ['山田 太郎', '髙橋 はなこ']],
  ] as const) {
    const bytes = iconv(text, iconvName);
    const list = read(bytes);
    assert.equal(list.encoding, encoding, text);
    assert.deepEqual(
      list.lines.map(({ person }) => person.name),
      people,
    );
    assert.deepEqual(list.faults, []);
  }
});

test('the encoding is told from a name alone, for the commonest names of both languages', () => {
  const japaneseNames = [
    '佐藤',
    '鈴木 一郎',
    '高橋',
    '田中 裕子',
    '伊藤',
    '渡辺 淳',
    '山本',
    '中村 葵',
    '小林',
    '加藤 さくら',
    'ヤマダ タロウ',
    '斎藤 陽菜',
  ];
  const chineseNames = [
    '王伟',
    '李娜',
    '张敏',
    '刘洋',
    '陈静',
    '杨帆',
    '赵磊',
    '黄丽',
    '周杰',
    '吴强',
    '徐秀英',
    '孙建国',
    '欧阳修',
  ];
  for (const name of japaneseNames)
    assert.deepEqual(names(iconv(`name\n${name}\n`, 'CP932')), [name], `${name} in Shift_JIS`);
  for (const name of chineseNames)
    assert.deepEqual(names(iconv(`name\n${name}\n`, 'GB18030')), [name], `${name} in GB18030`);
});

test('the encoding can be named, and then nothing is guessed', () => {
  assert.equal(readList(iconv(japanese, 'CP932'), 'shift_jis').lines[0]?.person.name, '山田 太郎');
  assert.deepEqual(
    readList(iconv(japanese, 'CP932'), 'utf-8').faults.map(({ code }) => code),
    ['ENCODING_UNKNOWN'],
  );
});

test('columns are known by their headers in three languages, in any order; others are named', () => {
  const list = read(
    Buffer.from('備考;OS;Valid-Days;言語;E-Mail;Full Name;組織;Dept\nx;Windows;90;ja;a@b.test;A;O;D\n'),
  );
  assert.equal(list.separator, ';');
  assert.deepEqual(list.columns[0], { header: '備考', meaning: null });
  assert.deepEqual(list.lines, [
    {
      line: 2,
      person: {
        name: 'A',
        target: 'Windows',
        days: '90',
        language: 'ja',
        email: 'a@b.test',
        organisation: 'O',
        department: 'D',
      },
    },
  ]);
});

test('lines are counted as a spreadsheet and an editor show them', () => {
  const text = 'name\temail\r\n"山田\n太郎"\ta@b.test\r\n\r\n\t\r\n花子\t\r\nx\ty\tz\r\n';
  const list = read(Buffer.from(text));
  assert.equal(list.separator, '\t');
  assert.deepEqual(
    list.lines.map(({ line, person }) => [line, person.name]),
    [
      [2, '山田\n太郎'],
      [6, '花子'],
      [7, 'x'],
    ],
  );
  assert.deepEqual(list.faults, [{ line: 7, code: 'TOO_MANY_FIELDS', value: '' }]);
});

test('a list without names, with a column twice, with an open quote or of other bytes is refused by line', () => {
  const faults = (bytes: Uint8Array | string) =>
    read(Buffer.from(bytes)).faults.map(({ line, code }) => [line, code]);
  assert.deepEqual(faults('mail,days\na@b.test,1\n'), [[1, 'NO_NAME_COLUMN']]);
  assert.deepEqual(faults('name,氏名\nA,B\n'), [[1, 'COLUMN_TWICE']]);
  assert.deepEqual(faults(''), [[1, 'NO_NAME_COLUMN']]);
  const [open] = faults('name\nA\n"B\nC\n');
  assert.equal(open?.[1], 'CSV_MALFORMED');
  assert.deepEqual(faults(Buffer.of(0x6e, 0x80, 0xff, 0xff, 0x0a)), [[1, 'ENCODING_UNKNOWN']]);
  assert.deepEqual(faults(Buffer.from('PK\u0003\u0004\u0000\u0000', 'latin1')), [[1, 'ENCODING_UNKNOWN']]);
});
