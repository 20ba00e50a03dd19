"""The words by which an address is known in text, and names that are also words.

The lists are our own, but for the postcode areas, which are the Royal Mail's.
"""

from typing import Final


def _words(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


def _phrases(listed: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in listed.split(","))


POSTCODE_AREAS: Final = frozenset(
    _words(
        """
        ab al b ba bb bd bf bh bl bn br bs bt bx ca cb cf ch cm co cr ct cv cw da dd de dg dh dl dn
        dt dy e ec eh en ex fk fy g gir gl gu gy ha hd hg hp hr hs hu hx ig im ip iv je ka kt kw ky
        l la ld le ll ln ls lu m me mk ml n ne ng nn np nr nw ol ox pa pe ph pl po pr rg rh rm s sa
        se sg sk sl sm sn so sp sr ss st sw sy ta td tf tn tq tr ts tw ub w wa wc wd wf wn wr ws wv
        yo ze
        """
    )
)
#: A street ends in one of these, whatever its case.
STREETS: Final = _words(
    "street road rd lane ln avenue ave crescent cres terrace gardens gdns mews grove"
)
#: A street ends in one of these where it has capitals; without, they are common words.
STREETS_IN_CAPITALS: Final = _words(
    """
    close drive court way place hill rise row walk park green view square st parade path field
    fields meadow meadows cottages broadway quay wharf croft dale heights villas estate end chase
    common
    """
)
HOUSES: Final = _words("cottage farm farmhouse lodge house barn court hall tower point mansions")
#: Streets of which most towns have one: by themselves they give nobody away.
COMMON_STREETS: Final = _phrases(
    """
    High Street, Station Road, Main Street, Main Road, Park Road, Church Road, Church Street,
    Church Lane, London Road, Victoria Road, Green Lane, Manor Road, Park Avenue, Park Lane,
    Queens Road, Kings Road, New Road, New Street, Grange Road, Mill Lane, Mill Road, School Lane,
    School Road, North Road, South Road, West Road, West Street, North Street, South Street,
    East Street, Queen Street, King Street, George Street, Albert Road, Springfield Road,
    York Road, St Johns Road, Windsor Road, Broad Street, Market Street, Market Place,
    Market Square, Bridge Street, Mill Street, The Street, The Avenue, The Close, The Crescent,
    The Drive, The Green, The Grove
    """
)
#: Before a number they say that it counts something: Year 6 Mill Lane is a class.
COUNTED: Final = _words(
    """
    year yr y class stage ks phase day week section room band item regulation age aged step level
    page para paragraph appendix draft version bus tier part point
    """
)
#: After a street they say that it is in the name of a setting or a clinic.
INSTITUTIONS: Final = _phrases(
    """
    infant, infants, junior, primary, secondary, community, high, church, nursery, special, c of e,
    ce, rc, school, academy, college, surgery, clinic, health, medical, children, centre, hub,
    library, resource, federation, trust, preschool, pre-school, playgroup, hospital, practice,
    depot, office, offices, site
    """
)
#: Between a number and a street they say that the number counts something else.
BETWEEN: Final = frozenset(
    _words(
        """
        a an and any are as at be been bus but by can children copies days did do each for from had
        has have her hers hes his hours if in into is it its km metres miles minutes mins months my
        no not of off on one or other our out over people per places pupils she shes staff than that
        the their them then there they this to until up us visits was we weeks went were when which
        who will with years you your
        """
    )
)
#: Names that are also words: only a capital inside a sentence tells them from one.
NAMES_THAT_ARE_WORDS: Final = frozenset(
    _words(
        """
        angel april archie art august autumn bill bob charity chase dale dawn dean faith frank grace
        grant heather holly hope iris ivy jack jade jasmine joy june lily mark may miles olive pat
        pearl penny poppy ray river robin rose ruby sky star storm summer victor violet will willow
        winter
        """
    )
)
