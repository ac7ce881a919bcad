"""Larkhaven, where the demonstration utility has its customers: a town on no map, with people from everywhere."""

# ruff: noqa: RUF001 - the letters that look like others are meant
from dataclasses import dataclass
from typing import Final

TOWN: Final = "Larkhaven"
MAIL_DOMAIN: Final = "larkhaven.example"  # reserved for examples: no letter can reach a living person


@dataclass(frozen=True, slots=True)
class NameStock:
    """Given and family names that go together, and which of them stands first."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    family_first: bool = False


def _stock(given: str, family: str, *, family_first: bool = False) -> NameStock:
    families = tuple(name.replace("_", " ") for name in family.split())
    return NameStock(tuple(given.split()), families, family_first)


NAMES: Final = (
    _stock(
        "Jane Walter Grace Robert Emily Samuel Dorothy Marcus Ruth Leon Hazel Desmond Tamika Andre Keisha Calvin",
        "Masters Whitfield Okafor-Reed Brooks Hargrove Penn Tillman Bishop Ashworth Coleman Draper Ellery Wynn",
    ),
    _stock(
        "José María Lucía Andrés Ximena Iñaki Concepción Raúl Inés Joaquín Begoña Héctor",
        "Álvarez Muñoz Ibáñez Peña Cordero Gutiérrez Núñez Vázquez Zúñiga de_la_Cruz Ocampo Quiñones",
    ),
    _stock(
        "João Inês Conceição Tomás Luísa Caetano Beatriz Gonçalo",
        "Araújo Bragança Magalhães Simões Brandão Leitão",
    ),
    _stock(
        "Łukasz Agnieszka Michał Zofia Grażyna Stanisław Małgorzata Paweł",
        "Wójcik Kowalczyk Śliwa Żak Gołąb Łoś Pająk",
    ),
    _stock(
        "Nguyệt Hoa Đức Thảo Minh Phương Hưng Tuấn Ánh",
        "Nguyễn Trần Lê Phạm Huỳnh Vũ Đặng Bùi",
        family_first=True,
    ),
    _stock(
        "Søren Åse Björn Sigríður Øyvind Märta Jökull Tuomas Päivi",
        "Åkesson Sørensen Blöndal Lindström Bjørnstad Mäkinen Hämäläinen Ødegård",
    ),
    _stock(
        "Fatima Omar Leila Yusuf Samira Karim Nadia Tariq Amal",
        "Al-Masri Haddad El_Amrani Mansour Khoury Bitar Saleh",
    ),
    _stock(
        "Ayşe Mehmet Gülşen Çağla Ömer Işıl Tuğçe Barış",
        "Yılmaz Öztürk Çelik Şahin Kılıç Doğan Aydın",
    ),
    _stock(
        "Priya Arjun Lakshmi Harpreet Anjali Vikram Meera Sanjay",
        "Iyer Banerjee Gill Deshpande Chaudhary Nair Rao",
    ),
    _stock("Wei Xiulan Jun Mei Haoran Yating Zhihao", "Wang Li Zhang Chen Lin Ouyang Zhao", family_first=True),
    _stock("Aiko Haruki Sakura Kenji Yūko Shōta", "Tanaka Ōtsuka Satō Yamamoto Kobayashi Endō"),
    _stock("Ji-woo Min-seo Seo-yeon Hyun-woo Eun-ji", "Kim Park Choi Jeong Kang", family_first=True),
    _stock(
        "Chidinma Kwame Adaeze Babatunde Ngozi Sefu Thandiwe Amara",
        "Okonkwo Mensah Adéyemí Nkosi Diallo Mwangi Eze",
    ),
    _stock(
        "Siobhán Cillian Niamh Pádraig Aoife Eilidh",
        "O'Brien MacGiolla McAllister O'Shaughnessy Kehoe",
    ),
    _stock(
        "Zoë Jürgen Käthe François Anaïs Clémence Günther Hélène",
        "Müller Weiß Schröder Lefèvre Beauséjour d'Aubigné van_der_Meer Bähr",
    ),
    _stock("Νίκος Γιώργος Δημήτρης Ανδρέας", "Παπαδόπουλος Ιωάννου Καραγιάννης"),
    _stock("Дмитро Оксана Богдан Світлана", "Шевченко Коваль Мельник Бондаренко"),
    _stock("Kaleo Leilani Tāne Moana", "Kamakana Tūwhare Fonoti Kealoha"),
)

TRADES: Final = (
    *("Bakery", "Laundry", "Hardware", "Dental Practice", "Bicycles", "Cold Storage", "Printing", "Nursery"),
    *("Auto Glass", "Tea House", "Piano Repair", "Wholesale Flowers", "Chess Café", "Aquatics"),
)
BUSINESS_FORMS: Final = ("LLC", "Inc.", "& Sons", "Cooperative", "& Daughters", "Ltd.", "Trust")

STREETS: Final = (
    *("Oak", "Heron", "Millrace", "Saltmarsh", "Tollgate", "Plover", "Quarry", "Lantern", "Ferryman", "Juniper"),
    *("Cooper", "Ropewalk", "Windlass", "Bellfounder", "Sorrel", "Thimble", "Orchard", "Kestrel", "Gaslight", "Weir"),
    *("Harbormaster", "Candle", "Mulberry", "Old Pump House", "Signal", "Ironmonger", "Curlew", "Foundry", "Tern"),
    *("Glasswright", "Almshouse", "St. Brendan's", "Cartwright", "Dredger", "Elderberry", "Fathom", "Granary"),
    *("Hopfield", "Inkhorn", "Larkspur"),
)
STREET_KINDS: Final = ("Lane", "Street", "Avenue", "Road", "Court", "Way", "Terrace", "Hill")
