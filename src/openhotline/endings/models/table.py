"""How each class ends that people end: by its name in the retention table."""

from openhotline.endings.models.of_addresses import ADDRESSES
from openhotline.endings.models.of_evidence import ASSESSMENTS, EVIDENCE, REFERRALS, SORTING
from openhotline.endings.models.of_lists import HASH_LIST
from openhotline.endings.models.of_people import ALERTS, DIRECTORY, PARTNERS, PEOPLE, PERMISSIONS
from openhotline.endings.models.of_reports import REPORTS
from openhotline.endings.models.rows import Ends

# What names others stands before them: ended in this order, little is kept back by what ends later.
ENDS: dict[str, Ends] = {
    "evidence": EVIDENCE,
    "sorting": SORTING,
    "referrals": REFERRALS,
    "hash_list": HASH_LIST,
    "assessments": ASSESSMENTS,
    "addresses": ADDRESSES,
    "reports": REPORTS,
    "people": PEOPLE,
    "partners": PARTNERS,
    "alerts": ALERTS,
    "directory": DIRECTORY,
    "permissions": PERMISSIONS,
}
