"""`cashier verify`: proves that the ledger is whole, from what is stored and nothing else (row H5).

One module per group of invariants (R reliability 2): `ledger_checks` I1-I4, I16; `period_checks` I16;
`adjustment_checks` I1, I4 and I15 of what waits and was approved; `drawer_checks` I5, I7-I9; `gl_checks` I16, I17;
`number_checks` I10; `journal_replay` I6, I11-I13, I15; `file_checks` I19 and the file itself.
"""

from cashier_app.services.verifying.chains import KeptSeal
from cashier_app.services.verifying.machines import MachinesCompared, verify_machines
from cashier_app.services.verifying.verdict import Finding, Verdict
from cashier_app.services.verifying.verifier import verify

__all__ = ["Finding", "KeptSeal", "MachinesCompared", "Verdict", "verify", "verify_machines"]
