"""What made-up people answer to the sample services, by the names of the questions."""

RESIDENCE = "la.moha.residence-certificate"
BUSINESS = "la.moic.household-business"
BIRTH = "la.moha.birth-registration"
FAMILY_BOOK = "la.mops.family-book-change"
CONSTRUCTION = "la.mpwt.construction-permit"
CERTIFICATION = "la.moj.document-certification"
COMPLAINT = "la.sia.complaint"
FEEDBACK = "la.nsb.feedback-sdg-16-6-2"
FOLDERS = {  # in assets/services; what one applies for
    RESIDENCE: "residence-certificate",
    BUSINESS: "household-business",
    BIRTH: "birth-registration",
    FAMILY_BOOK: "family-book-change",
    CONSTRUCTION: "construction-permit",
    CERTIFICATION: "document-certification",
}
EVERY_FOLDER = FOLDERS | {COMPLAINT: "complaint", FEEDBACK: "feedback-sdg-16-6-2"}
ANSWERS = {
    COMPLAINT: {
        "category": "unofficial-fee",
        "office": "la-vte-xaythany",
        "service": RESIDENCE,
        "what_happened": "ຖືກຂໍເງິນ ນອກຄ່າທຳນຽມທາງການ.",
        "happened_when": "2026",
        "amount_asked": "50000",
        "name_given": "no",
        "answer_by": "receipt",
    },
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
        "may_call": "no",
        "has_document": "no",
    },
    BIRTH: {
        "informant": "mother",
        "child_name": "ນ້ອຍ ສົມພອນ ວົງສະຫວັນ",
        "child_sex": "female",
        "birth_date": "2026",
        "birth_place": "hospital",
        "facility": "ໂຮງໝໍເມືອງໄຊທານີ",
        "mother_name": "ນາງ ມະນີ ວົງສະຫວັນ",
        "mother_birth_date": "1998-03-14",
        "mother_nationality": "lao",
        "father_known": "yes",
        "father_name": "ທ້າວ ສົມຈິດ ວົງສະຫວັນ",
        "father_birth_date": "1995",
        "father_nationality": "lao",
        "province": "LA01",
        "district": "LA0106",
        "village": "ດົງໂດກ",
    },
    FAMILY_BOOK: {
        "reason": "move-in",
        "applicant_name": "ນາງ ມະນີ ວົງສະຫວັນ",
        "head": "other",
        "head_name": "ທ່ານ ບຸນທັນ ວົງສະຫວັນ",
        "province": "LA01",
        "district": "LA0106",
        "village": "ດົງໂດກ",
        "other_province": "LA06",
        "event_date": "2026-10",
        "people": "2",
        "name": "ທ້າວ ຄຳຫຼ້າ ພົມມະວົງ",
        "sex": "male",
        "birth_date": "1990",
        "relation": "sibling",
    },
    CONSTRUCTION: {
        "applicant_name": "ທ້າວ ບຸນມີ ສີສຸວັນ",
        "site_province": "LA01",
        "site_district": "LA0106",
        "site_village": "ດົງໂດກ",
        "land": "own",
        "work": "house",
        "area": "48",
        "storeys": "1",
        "months": "6",
        "neighbours": "yes",
    },
    CERTIFICATION: {
        "applicant_name": "Xiong Mai Vang",
        "kind": "study",
        "name_on_document": "Xiong Mai Vang",
        "copies": "3",
        "used": "laos",
        "original": "no",
    },
}
