/** install-linux.sh: the NSS databases of Chromium and Firefox, by certutil and pk12util. Without `${…}`, which is TypeScript's here. */
export const linuxTemplate = String.raw`#!/bin/sh
# Installs one client certificate into the browsers of the current user (Chromium and its kin, Firefox), then reads
# every store back. Needs certutil and pk12util of NSS; no root, no network. The password is asked for without echo,
# or is the first line of standard input; a second line "y" there agrees to trusting the CA.
set -u
umask 077
export LC_ALL=C.UTF-8
@VALUES@

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
echo_state=''
work=''

cleanup() {
  [ -z "$echo_state" ] || stty "$echo_state"
  [ -z "$work" ] || rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' HUP INT TERM

say() { printf '%s\n' "$*"; }
fail() {
  say "$*" >&2
  exit 1
}

# Reads a line into $answer; $1 is the prompt, $2 is "hidden" for no echo, or "shown".
ask() {
  answer=''
  if [ -t 0 ]; then
    printf '%s ' "$1" >&2
    if [ "$2" = hidden ]; then
      echo_state=$(stty -g)
      stty -echo
    fi
  fi
  IFS= read -r answer || :
  if [ -n "$echo_state" ]; then
    stty "$echo_state"
    echo_state=''
    printf '\n' >&2
  fi
  answer=$(printf '%s' "$answer" | tr -d '\r')
}

# The certificate is in database $1, together with its private key.
installed_in() {
  certutil -L -d "sql:$1" -n "pkcs11:id=$key_uri" >"$work/listing" 2>/dev/null || return 1
  tr -d ' \n' <"$work/listing" | grep -q "$fingerprint" || return 1
  grep -q '^ *User$' "$work/listing"
}

# 0: opens without a master password, or with the one in $work/master.
unlocked() {
  certutil -K -d "sql:$1" -f "$work/master" >"$work/keys" 2>&1 && return 0
  grep -q 'no keys found' "$work/keys"
}

# The environment variable $1, or $2 when it is not set.
variable() {
  value=$(printenv "$1") || :
  [ -n "$value" ] || value=$2
  printf '%s' "$value"
}
data_home=$(variable XDG_DATA_HOME "$HOME/.local/share")
config_home=$(variable XDG_CONFIG_HOME "$HOME/.config")
temporary=$(variable XDG_RUNTIME_DIR "$(variable TMPDIR /tmp)")

# Every database of the current user: one path a line.
databases() {
  chromium_found=''
  for database in "$HOME/.pki/nssdb" "$data_home/pki/nssdb"; do
    if [ -d "$database" ]; then
      chromium_found=yes
      say "$database"
    fi
  done
  # Read by every version when it is there.
  [ -n "$chromium_found" ] || say "$HOME/.pki/nssdb"
  for database in \
    "$HOME/snap/chromium/current/.pki/nssdb" \
    "$HOME/.var/app/org.chromium.Chromium/data/pki/nssdb" \
    "$HOME/.var/app/com.google.Chrome/data/pki/nssdb"; do
    [ ! -d "$database" ] || say "$database"
  done
  for profiles in \
    "$HOME/.mozilla/firefox" \
    "$config_home/mozilla/firefox" \
    "$HOME/snap/firefox/common/.mozilla/firefox" \
    "$HOME/.var/app/org.mozilla.firefox/.mozilla/firefox" \
    "$HOME/.var/app/org.mozilla.firefox/config/mozilla/firefox"; do
    for database in "$profiles"/*/cert9.db; do
      [ ! -f "$database" ] || dirname -- "$database"
    done
  done
}

say "$text_title"
say ''
[ -f "$here/$p12_name" ] || fail "$text_no_file $p12_name"
for tool in certutil pk12util; do
  command -v "$tool" >/dev/null 2>&1 || fail "$text_tools
  Debian, Ubuntu:  sudo apt install libnss3-tools
  Fedora, RHEL:    sudo dnf install nss-tools
  openSUSE:        sudo zypper install mozilla-nss-tools
  Arch:            sudo pacman -S nss
$text_by_hand"
done

work=$(mktemp -d "$temporary/install-certificate.XXXXXX") || exit 1
say '' >"$work/master"

# The password is tried on a store that is thrown away, before any browser's own is touched.
mkdir "$work/trial"
certutil -N -d "sql:$work/trial" --empty-password || exit 1
attempt=1
while :; do
  ask "$text_password" hidden
  printf '%s\n' "$answer" >"$work/password"
  answer=''
  pk12util -i "$here/$p12_name" -d "sql:$work/trial" -w "$work/password" -k "$work/master" >"$work/log" 2>&1 && break
  say "$text_wrong_password" >&2
  if [ ! -t 0 ] || [ "$attempt" -ge 3 ]; then fail "$text_not_installed"; fi
  attempt=$((attempt + 1))
done

databases >"$work/databases"
missing=''
: >"$work/done"
while IFS= read -r database <&3; do
  if [ ! -f "$database/cert9.db" ]; then
    mkdir -p "$database" && certutil -N -d "sql:$database" --empty-password
  fi
  say '' >"$work/master"
  if ! unlocked "$database" && [ -t 0 ]; then
    ask "$text_master_password $database:" hidden
    printf '%s\n' "$answer" >"$work/master"
    answer=''
  fi
  if ! unlocked "$database"; then
    say "  $text_locked $database"
    missing=yes
    continue
  fi
  installed_in "$database" ||
    pk12util -i "$here/$p12_name" -d "sql:$database" -w "$work/password" -k "$work/master" >"$work/log" 2>&1
  # Tools can end well and have done nothing: only what the store itself shows counts.
  if installed_in "$database"; then
    say "  $text_installed_in $database"
    say "$database" >>"$work/done"
  else
    say "  $text_not_installed_in $database"
    missing=yes
  fi
done 3<"$work/databases"
rm -f "$work/password" "$work/master"

[ -s "$work/done" ] || fail "$text_not_installed"

say ''
ask "$text_trust_question $ca_name [y/N]" shown
case $answer in
  [yY]*)
    say '' >"$work/master"
    while IFS= read -r database <&3; do
      certutil -A -d "sql:$database" -t 'C,,' -n "$ca_nickname" -i "$here/CA.cer" -f "$work/master" >"$work/log" 2>&1
      if certutil -L -d "sql:$database" -n "$ca_nickname" 2>/dev/null | grep -q '^ *Trusted CA$'; then
        say "  $text_trusted $database"
      else
        say "  $text_not_trusted $database"
        missing=yes
      fi
    done 3<"$work/done"
    ;;
  *) say "$text_not_trusted" ;;
esac
say ''
[ -z "$missing" ] || fail "$text_partly"
say "$text_installed"
say "$text_restart"
`;
