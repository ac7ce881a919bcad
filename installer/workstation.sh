#!/bin/sh
# Updates the program of a workstation, or takes it away. Run it as whoever works there, so that it asks about their ledger:
#
#   installer/workstation.sh update cashier-0.2.0-py3-none-any.whl
#   installer/workstation.sh uninstall
#
# CASHIER_HOME is where the program is (default /opt/cashier), CASHIER_DATABASE the ledger (default: the program's own).
# At a branch both send first what waits there, and refuse while something is unsent or nobody can tell: only this
# workstation can send it (R reliability P9). Ledgers are never deleted here.
set -eu

home=${CASHIER_HOME:-/opt/cashier}
cashier=$home/.venv/bin/cashier

say() { printf '%s\n' "$*" >&2; }

nothing_unsent() {
    if [ ! -x "$cashier" ]; then
        say "There is no program at $cashier, which alone can tell whether something is unsent. Set CASHIER_HOME."
        return 1
    fi
    "$cashier" branch exchange --minutes 1 >/dev/null 2>&1 || true
    if told=$("$cashier" branch leave 2>&1); then
        return 0
    fi
    case $told in
    *BR-007* | *DB-MISSING*) return 0 ;; # no branch, or no ledger: nothing can be unsent
    esac
    say "$told"
    return 1
}

case ${1:-} in
update)
    [ $# -eq 2 ] || { say "Which package? workstation.sh update PACKAGE"; exit 2; }
    nothing_unsent || { say "Nothing was updated."; exit 1; }
    "$home/.venv/bin/python" -m pip install --quiet --upgrade "$2"
    told=$("$cashier" upgrade 2>&1) || case $told in
        *DB-MISSING*) ;;
        *) say "$told"; exit 1 ;;
    esac
    say "Updated. The ledger is of this version."
    ;;
uninstall)
    nothing_unsent || { say "Nothing was taken away."; exit 1; }
    rm -rf "$home/.venv"
    say "The program is gone from $home. Its ledger and its state are where they were."
    ;;
*)
    say "workstation.sh update PACKAGE | uninstall"
    exit 2
    ;;
esac
