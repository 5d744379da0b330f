"""Who comes to the kiosk in the demo and in the acceptance test: made-up people, as samples."""

from tests.acceptance.journey import Visitor

VISITORS = (
    Visitor(
        language="lo",
        service_id="la.moha.residence-certificate",
        answers={
            "for_whom": "self",
            "full_name": "ຄຳ ແສງ",
            "birth_date": "1990",
            "province": "LA01",
            "district": "LA0106",
            "village": "ດົງໂດກ",
            "house_number": "",
            "years_here": "12",
            "purposes": "school bank",
            "family_book": "photo",
        },
        words_from_the_office="ໃບຢັ້ງຢືນຂອງທ່ານພ້ອມແລ້ວ. ເຊີນມາຮັບໄດ້ທຸກວັນລັດຖະການ.",
    ),
    Visitor(
        language="en",
        service_id="la.moic.household-business",
        answers={
            "full_name": "kham seng",
            "birth_date": "1985-07-14",
            "business_name": "mae kham shop",
            "activities": "shop food",
            "province": "LA06",
            "district": "LA0606",
            "village": "nong kham",
            "place": "home",
            "started": "no",
            "workers": "2",
            "capital": "60000000",
            "may_call": "no",
            "has_document": "yes",
            "identity_page": "photo",
        },
        words_from_the_office="Your certificate is ready. Please fetch it on any working day.",
    ),
)
