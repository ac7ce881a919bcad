from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from cashier_app.ui.widgets.pages import PageView


def paper(pages):
    data = BytesIO()
    canvas = Canvas(data, pagesize=(200, 300))
    for page in range(pages):
        canvas.drawString(20, 200, f"Receipt {page}")
        canvas.showPage()
    canvas.save()
    return data.getvalue()


def test_a_document_is_shown_as_it_will_print(qtbot):
    view = PageView("Receipt")
    qtbot.addWidget(view)
    view.resize(400, 500)
    view.show()
    view.show_pdf(paper(2))
    assert view.page_count == 2
    picture = view._pages[0].pixmap().toImage()
    assert picture.pixelColor(2, 2).name() == "#ffffff"
    assert view._pages[1].accessibleName() == "Receipt, page 2 of 2"
    view.show_pdf(paper(1))
    assert view.page_count == 1
