/** install-macos.command: the login keychain, by the `security` tool. */
export const macosTemplate = String.raw`#!/bin/sh
# Installs one client certificate into the login keychain of the current user, then reads the keychain back.
# Needs no administrator rights and no network. macOS itself asks for the password, in a window of its own.
set -u
@VALUES@

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
keychain="$HOME/Library/Keychains/login.keychain-db"

say() { printf '%s\n' "$*"; }
fail() {
  say "$*" >&2
  exit 1
}

# Certificate and private key are in the keychain: an identity, by the SHA-1 that macOS lists.
installed() { security find-identity "$keychain" 2>/dev/null | grep -qi "$thumbprint"; }

say "$text_title"
say ''
[ -f "$here/$p12_name" ] || fail "$text_no_file $p12_name"

if installed; then
  say "$text_already"
else
  set --
  for application in /Applications/Safari.app '/Applications/Google Chrome.app' '/Applications/Microsoft Edge.app'; do
    [ ! -d "$application" ] || set -- "$@" -T "$application"
  done
  # Without -P the password is asked for in a window and stands in no command line. -x: the key stays in the keychain.
  say "$text_window"
  security import "$here/$p12_name" -k "$keychain" -f pkcs12 -x "$@" || :
fi

# Only what the keychain itself shows counts.
installed || fail "$text_not_installed"
say "$text_installed $thumbprint"
say ''

printf '%s ' "$text_trust_question $ca_name [y/N]"
answer=''
IFS= read -r answer || :
case $answer in
  [yY]*)
    # macOS asks for the login password.
    if security add-trusted-cert -r trustRoot -p ssl -k "$keychain" "$here/CA.cer" &&
      security find-certificate -a -Z "$keychain" | grep -qi "$ca_thumbprint"; then
      say "$text_trusted"
    else
      say "$text_not_trusted"
    fi
    ;;
  *) say "$text_not_trusted" ;;
esac
say ''
say "$text_keychain"
say "$text_restart"
`;
