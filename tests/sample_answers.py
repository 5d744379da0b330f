"""What made-up people answer to the sample services, by the names of the questions."""

RESIDENCE = "la.moha.residence-certificate"
BUSINESS = "la.moic.household-business"
ANSWERS = {
    RESIDENCE: {
        "for_whom": "self",
        "full_name": "ນາງ ຄຳ ແສງອາທິດ",
        "birth_date": "1990",
        "province": "LA01",
        "district": "LA0107",
        "village": "ໂພນທັນ",
        "house_number": "",
        "years_here": "12",
        "purposes": "school",
    },
    BUSINESS: {
        "full_name": "ທ້າວ ບຸນມີ ສີສຸວັນ",
        "birth_date": "1985-04",
        "business_name": "ຮ້ານບຸນມີ",
        "activities": "shop food",
        "province": "LA06",
        "district": "LA0605",
        "village": "ນາໄຊ",
        "place": "home",
        "started": "no",
        "workers": "2",
        "capital": "5000000",
        "has_document": "no",
    },
}
