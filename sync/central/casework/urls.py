"""The addresses of the officers' pages."""

from django.urls import path

from sync.central.casework.case_page import case, document
from sync.central.casework.clerks_page import list_clerks, one_clerk
from sync.central.casework.decide_page import decide
from sync.central.casework.kiosks_page import kiosks
from sync.central.casework.odk_page import odk
from sync.central.casework.overdue_page import overdue
from sync.central.casework.password_page import PasswordPage
from sync.central.casework.payment_page import fees, payment
from sync.central.casework.set_aside_page import one_set_aside, set_aside
from sync.central.casework.sign_in import sign_in, sign_out
from sync.central.casework.sign_page import sign
from sync.central.casework.stick_page import stick, stick_answers, stick_visit
from sync.central.casework.worklist import cases

app_name = "casework"
urlpatterns = [
    path("", cases, name="cases"),
    path("fees", fees, name="fees"),
    path("kiosks", kiosks, name="kiosks"),
    path("overdue", overdue, name="overdue"),
    path("clerks", list_clerks, name="clerks"),
    path("clerks/<int:number>", one_clerk, name="one_clerk"),
    path("set-aside", set_aside, name="set_aside"),
    path("set-aside/<int:number>", one_set_aside, name="one_set_aside"),
    path("stick", stick, name="stick"),
    path("stick/<int:number>", stick_visit, name="stick_visit"),
    path("stick/<int:number>/answers.zip", stick_answers, name="stick_answers"),
    path("sign-in", sign_in, name="sign_in"),
    path("password", PasswordPage.as_view(), name="password"),
    path("sign-out", sign_out, name="sign_out"),
    path("cases/<slug:application>/", case, name="case"),
    path("cases/<slug:application>/documents/<int:index>", document, name="document"),
    path("cases/<slug:application>/payment", payment, name="payment"),
    path("cases/<slug:application>/odk", odk, name="odk"),
    path("cases/<slug:application>/sign", sign, name="sign"),
    path("cases/<slug:application>/<slug:action>", decide, name="act"),
]
