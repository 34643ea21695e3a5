import type { guideText as English } from '../en/guide.ts';
import { count } from './numbers.ts';

export const guideText: typeof English = {
  home: {
    verdict: {
      holds: '相互認証は成立しています',
      broken: '相互認証は成立していません',
      unproven: '現在は確認できていません',
      unmade: 'まだ確認するものがありません',
    },
    unmadeHint: 'ガイドに沿って、証明書を持つ人だけを通すリスナーをつくりましょう。',
    checked: (when) => `${when}、実際のハンドシェイクで確認`,
    checkAgain: 'もう一度確認',
    openGuide: 'ガイドを開く',
    needsYou: '対応が必要なもの',
    needsNothing: '対応が必要なものはありません。',
    whoAnswered: '応答したサーバー',
    lastRequests: (value) => `直近 ${count(value, 'リクエスト')}`,
    even: 'ラウンドロビンで均等です。',
    uneven: '均等ではありません。重みとヘルスチェックを確認してください。',
    oneBackend: '1 台のサーバーがすべてに応答しています。',
    nobodyAsked: '最初の確認のあとに表示します。',
    expiry: '有効期限',
    nothingEnds: '証明書はまだありません。',
    endsIn: (month, value) => `${month}：${count(value, '枚')}`,
    endsLater: (value) => `それ以降：${count(value, '枚')}`,
    milestone: {
      'server-certificate': (name, date) => `サーバー証明書 ${name} · ${date}`,
      authority: (name, date) => `CA ${name} · ${date}`,
    },
    needs: {
      prove: {
        title: '成立しているか確認してください',
        detail: (name) => `${name} は変更後、実際のハンドシェイクで試されていません。`,
        act: 'テストへ',
      },
      practiceStopped: {
        title: '練習環境は停止しています',
        detail:
          '練習用クラウドの中身は消えています。開始して計画を適用し直してください。証明書は残っています。',
      },
      crl: {
        title: (when, over) => (over ? `CRL の期限が切れました（${when}）` : `CRL の期限は${when}です`),
        detail: (authority) => `${authority} · CRL を確認するサーバーは全員を拒否するようになります。`,
        act: '発行する',
      },
      authority: {
        title: (name, date, over) =>
          over ? `CA ${name} は ${date} に期限が切れました` : `CA ${name} の期限は ${date} です`,
        detail: '署名した証明書もすべて使えなくなります。',
      },
      server: {
        title: (name, date, over) =>
          over
            ? `サーバー証明書 ${name} は ${date} に期限が切れました`
            : `サーバー証明書 ${name} の期限は ${date} です`,
        detail: '期限を過ぎると、ブラウザーはサイトを拒否します。',
        act: '入れ替える',
      },
      clients: {
        title: (value) => `30 日以内に期限が切れるクライアント証明書：${count(value, '枚')}`,
        detail: (first, date) => `最初：${first} · ${date}`,
      },
      revoked: {
        title: (value) => `失効済みでもまだ通れる証明書：${count(value, '枚')}`,
        detail: 'CLB は失効を確認できません。CA を入れ替えるか、バックエンドで確認してください。',
        act: '対処方法',
      },
      backup: {
        title: 'バックアップの時期です',
        detail: (changes) => `前回から ${count(changes, '件')}の変更があります。`,
      },
      possibly: {
        title: (value) => `発行されたか不明なシリアル番号：${count(value, '件')}`,
        detail: '署名の途中で Warifu が停止しました。',
      },
    },
  },
  guide: {
    title: '相互認証つき HTTPS リスナーをつくる',
    subtitle: '各ステップは「いま本当にそうなっているか」を見て判定します。',
    steps: 'ステップ',
    states: { done: '成立', open: 'まだ', unknown: '現在は判定できません' },
    observed: { 'no difference': '差異なし', absent: 'ありません', none: 'なし', off: 'オフ' },
    evidence: '根拠',
    note: '参考',
    holds: '成立',
    holdsNot: '不成立',
    commands: 'この操作に相当するコマンド',
    corrected: '手順書からの訂正',
    another: 'もう 1 つ作成',
    planAgain: '計画し直す',
    onward: (step) => `次へ：${step}`,
    toHome: '結果を見る',
    first: (step) => `先に別のステップが必要です：${step}`,
    noAccount: '使うクラウドが決まっていません。練習環境を開始するか、Alibaba Cloud に接続してください。',
    step: {
      'server-certificate': {
        name: 'サーバー証明書の準備',
        purpose: 'ロードバランサーが本物であることを、訪れる人に証明します。',
        flaw: 'CLB が受け付けるのは PKCS#1 形式の RSA 2048 または 4096 ビットの鍵です。手順書には書かれていません。Warifu はアップロード前に確認し、形式を変換します。',
      },
      authority: {
        name: 'CA 証明書の生成',
        purpose: '通してよい人の証明書に署名するのが CA です。CLB は、この CA が署名した証明書を通します。',
        flaw: '手順書の CA は X.509 v1、md5、1024 ビットで、クライアント証明書と同時に期限が切れます。ここでは v3 と SHA-256 を使い、署名した証明書より長く有効です。',
      },
      'client-certificate': {
        name: 'クライアント証明書の生成',
        purpose: '人または端末ごとに 1 枚。相手が持つ、割符のもう半分です。',
        flaw: '手順書はシリアル番号を 01 から数え、用途を限定しません。ここでは番号は乱数で、用途はクライアント認証だけです。',
      },
      upload: {
        name: '証明書のアップロード',
        purpose: 'CLB に、サーバー証明書とその鍵、そして CA 証明書（鍵なし）を渡します。',
        flaw: '手順書では秘密鍵を Web 画面に貼り付けます。Warifu は署名したリクエストの本文で送り、URL には決して含めません。すでにある場合は送りません。',
      },
      install: {
        name: 'クライアント証明書のインストール',
        purpose: 'ブラウザーが提示できるのは、証明書ストアに入っているものだけです。',
        flaw: '手順書はダブルクリックで終わります。Warifu はストアを読み直し、入れた鍵で実際に署名できることを確かめてから完了とします。',
      },
      listener: {
        name: 'HTTPS リスナーの設定（相互認証）',
        purpose: 'CA 証明書を指定した時点で相互認証が有効になります。',
        flaw: '作成直後のリスナーは停止状態で、ヘルスチェックにはパスが必要です。Warifu は起動し、バックエンドが正常になるまで待ちます。',
      },
      test: {
        name: 'SLB サービスのテスト',
        purpose:
          '正しい証明書、誤った証明書、証明書なしで実際に接続し、どのサーバーが応答したかも確かめます。',
        flaw: '手順書はページが開くことだけを見ます。それでは通れる人はわかっても、通れない人はわかりません。',
      },
    },
    checks: {
      'server-certificate-valid': '現在有効',
      'server-certificate-hosts': '対象ホスト',
      'server-certificate-clb': 'CLB で使える',
      'authority-valid': '現在有効',
      'authority-clb': 'CLB で使える鍵',
      'crl-current': 'CRL は期限内',
      'client-certificates-valid': '有効なクライアント証明書',
      'server-certificate-uploaded': 'サーバー証明書が CLB にある',
      'ca-certificate-uploaded': 'CA 証明書が CLB にある',
      'identity-installed': '鍵とともにこの PC に入っている',
      'authority-trusted': 'Web サイトで CA を信頼',
      'load-balancer-active': 'ロードバランサーは稼働中',
      'listener-running': 'リスナーは実行中',
      'mutual-authentication': '相互認証は有効',
      'server-certificate-as-planned': 'サーバー証明書は計画どおり',
      'ca-certificate-as-planned': 'CA 証明書は計画どおり',
      'backends-healthy': 'バックエンドは正常',
      'as-planned': 'すべて計画どおり',
      'right-certificate-let-in': '正しい証明書は通れる',
      'others-refused': 'それ以外はすべて拒否',
      'backends-even': '応答は均等',
      checked: '確認日',
    },
  },
  test: {
    run: '実際のハンドシェイクでテスト',
    running: 'テスト中…',
    letIn: '通過',
    refused: '拒否',
    notTested: '未実施',
    cases: {
      'no-certificate': '証明書なし',
      'right-certificate': '正しい証明書',
      'wrong-ca': '別の CA の証明書',
      expired: '期限切れの証明書',
      'not-yet-valid': '開始前の証明書',
      'server-auth-only': 'サーバー専用の証明書',
    },
    steps: {
      authorities: 'リスナーが求める CA を確認しています',
      case: '証明書を提示しています',
      version: 'TLS バージョンを試しています',
      request: 'リクエストを送信しています',
    },
  },
  install: {
    title: 'この PC にインストール',
    certificate: '証明書',
    trustCa: 'Web サイトについても CA を信頼する（すべてのサイトを保証できるようになります）',
    install: 'インストール',
    installed: 'インストールして確認しました',
    already: 'すでに入っています',
    restartBrowser: 'ブラウザーを完全に終了して開き直してください。それまでは以前の選択のままです。',
  },
};
