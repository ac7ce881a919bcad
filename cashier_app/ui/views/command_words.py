"""What a branch's commands are called by those who gave them."""

from PySide6.QtCore import QCoreApplication


def command_words(command: str) -> str:
    """A command in the cashier's words; its own name where there is no other."""
    translate = QCoreApplication.translate
    words = {
        "AddTenderDeposit": translate("commands", "Deposit slip added"),
        "BalanceDeposit": translate("commands", "Deposit handed over"),
        "BalanceDrawer": translate("commands", "Drawer balanced"),
        "BookOverUnder": translate("commands", "Over or short booked"),
        "CancelTender": translate("commands", "Payment taken back"),
        "CountDrawer": translate("commands", "Drawer counted"),
        "ForceCloseDrawer": translate("commands", "Drawer force-closed"),
        "MoveDrawerCash": translate("commands", "Paid in or out"),
        "NotePrintFailure": translate("commands", "Receipt did not come out"),
        "OpenDepositControl": translate("commands", "Deposit opened"),
        "OpenDrawer": translate("commands", "No sale"),
        "OpenTenderControl": translate("commands", "Drawer opened"),
        "PrintReceipt": translate("commands", "Receipt printed"),
        "ReceiveTurnIn": translate("commands", "Turn-in received"),
        "RecordSignIn": translate("commands", "Sign-in"),
        "EnrolSecondFactor": translate("commands", "Second factor set up"),
        "ResetSecondFactor": translate("commands", "Second factor reset"),
        "ReopenDepositControl": translate("commands", "Deposit reopened"),
        "ReopenTenderControl": translate("commands", "Drawer reopened"),
        "ResumeTaking": translate("commands", "Drawer taken up again"),
        "SealDay": translate("commands", "Day sealed"),
        "StartBalancing": translate("commands", "Counting begun"),
        "StartDepositBalancing": translate("commands", "Deposit being balanced"),
        "TakePayment": translate("commands", "Payment"),
        "TurnInFunds": translate("commands", "Turn-in"),
        "VoidTurnIn": translate("commands", "Turn-in taken back"),
    }
    return words.get(command, command)
