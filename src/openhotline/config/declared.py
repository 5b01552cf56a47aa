"""Every setting the environment can give, with its default and meaning; the reference page is made from this."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """One environment variable."""

    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("OPENHOTLINE_VAR", "./var", "Data folder: db, blobs, keys, index, log, releases, packages."),
    Setting("OPENHOTLINE_DATABASE_URL", "sqlite in $VAR/db", "Database; production needs PostgreSQL."),
    Setting("OPENHOTLINE_MODE", "practice", "practice or production. Practice never leaves this machine."),
    Setting(
        "OPENHOTLINE_DOOR", "all", "What this process is: public, desk, media, members, worker, or all (practice)."
    ),
    Setting("OPENHOTLINE_DEBUG", "false", "Django's debug pages. Refused in production."),
    Setting("OPENHOTLINE_HOSTS", "localhost,127.0.0.1", "Host names this installation answers to."),
    Setting("OPENHOTLINE_ORIGIN_PUBLIC", "", "Origin of the public door when doors are apart."),
    Setting("OPENHOTLINE_ORIGIN_DESK", "", "Origin of the desk when doors are apart."),
    Setting("OPENHOTLINE_ORIGIN_MEDIA", "", "Origin of the media door when doors are apart."),
    Setting("OPENHOTLINE_ORIGIN_MEMBERS", "", "Origin of the members' door when doors are apart."),
    Setting("OPENHOTLINE_MAIL_HOST", "127.0.0.1", "Mail server for notices."),
    Setting("OPENHOTLINE_MAIL_PORT", "8025", "Its port. In practice mode the local practice mail server."),
    Setting("OPENHOTLINE_MAIL_FROM", "notices@hotline.example", "Sender of notices: an office, never a person."),
    Setting("OPENHOTLINE_RDAP", "", "RDAP servers to ask, comma-separated; in practice mode the local stand-in."),
    Setting(
        "OPENHOTLINE_RDAP_BOOTSTRAP",
        "",
        "Folder with IANA's ipv4.json, ipv6.json and dns.json, which say what RDAP server to ask first; empty: none.",
    ),
    Setting(
        "OPENHOTLINE_DNS",
        "",
        "IP addresses of the DNS servers to ask for hosts, comma-separated; empty: this machine's own.",
    ),
    Setting(
        "OPENHOTLINE_NETWORKS",
        "",
        "Files in MaxMind's format, comma-separated, with the number, name and country of networks; empty: none.",
    ),
    Setting("OPENHOTLINE_CDNS", "", "The operator's table of networks that hide hosts; empty: the shipped one."),
    Setting("OPENHOTLINE_HOLDS", "", "The operator's rules of police holds; empty: the shipped ones, none in force."),
    Setting("OPENHOTLINE_HOTLINES", "", "The operator's table of hotlines abroad with their keys; empty: none."),
    Setting("OPENHOTLINE_NOTICES", "", "Folder with the operator's own words of notices; empty: the shipped ones."),
    Setting(
        "OPENHOTLINE_TRUSTED_FLAGGER",
        "",
        "The name under which platforms of the EU know us as a trusted flagger; notices say it. Empty: we are none.",
    ),
    Setting(
        "OPENHOTLINE_CONTACTS_BY_TWO", "no", "yes or no: whether a provider's contact needs two people to be approved."
    ),
    Setting("OPENHOTLINE_INBOX_HOST", "", "IMAP server to which replies to notices come; empty: no mailbox is read."),
    Setting("OPENHOTLINE_INBOX_PORT", "993", "Its port, with TLS from the first byte."),
    Setting("OPENHOTLINE_INBOX_USER", "", "The name to sign in there with."),
    Setting("OPENHOTLINE_INBOX_PASSWORD_FILE", "", "File that holds the password to sign in there with."),
    Setting("OPENHOTLINE_TOR", "", "Tor's SOCKS proxy as IP address:port, for onion sites; empty: none is fetched."),
    Setting("OPENHOTLINE_POLICE_KEY", "", "age public key of the police partner; in practice mode made here."),
    Setting(
        "OPENHOTLINE_POLICE_KEY_EXPIRES", "", "Day, as 2027-01-31, from which nothing is sealed to it; empty: none."
    ),
    Setting("OPENHOTLINE_CYBERTIPLINE", "0", "1: packages for the police also hold a file in CyberTipline's form."),
    Setting(
        "OPENHOTLINE_OBJECT_STORE",
        "",
        "Origin of the object store that collections are imported from as s3://BUCKET/PREFIX, such as "
        "https://s3.example; http:// on this machine alone. In practice it has to be on this machine. Empty: none.",
    ),
    Setting("OPENHOTLINE_OBJECT_STORE_REGION", "us-east-1", "The region that requests to it are signed for."),
    Setting("OPENHOTLINE_OBJECT_STORE_KEY_ID", "", "Id of a key that may list and read there, and nothing else."),
    Setting("OPENHOTLINE_OBJECT_STORE_SECRET", "", "Secret of that key."),
    Setting("OPENHOTLINE_SITE_PORT", "8090", "Port of the practice web site (practice mode)."),
    Setting("OPENHOTLINE_RDAP_PORT", "8091", "Port of the practice RDAP server (practice mode)."),
    Setting("OPENHOTLINE_NAME", "Practice Hotline", "Name of the hotline, shown on every page."),
    Setting("OPENHOTLINE_EMERGENCY", "999", "Whom to call when someone is in danger now."),
    Setting("OPENHOTLINE_POLICE_NUMBER", "101", "The police when nobody is in danger now; empty: not shown."),
    Setting(
        "OPENHOTLINE_EXIT_URL",
        "https://www.bbc.co.uk/weather",
        "Where “Exit this page” leads: a page that looks like everyday life and shows nothing of its reader. https://",
    ),
    Setting("OPENHOTLINE_HOURS", "weekdays 9 to 17", "When reports are read."),
    Setting(
        "OPENHOTLINE_LANGUAGES",
        "",
        "Languages shown beside English, by code with commas between; empty: every one that is safeguarding-checked.",
    ),
    Setting(
        "OPENHOTLINE_MATCH_STREAMS",
        "",
        "Streams of the list that this process matches (ordinary, generative_ai, prohibited_image, exploitative), "
        "with commas between, to share them out among machines; empty: all.",
    ),
    Setting(
        "OPENHOTLINE_INDEX_MEMORY",
        "",
        "Folder on a tmpfs mounted with huge=always, to which the match service of a machine copies its index files "
        "and reads them there; empty: they are read from where they lie.",
    ),
    Setting(
        "OPENHOTLINE_EXPLOITATIVE",
        "0",
        "1: the list has a stream for what partners' exploitative lists hold, apart from what is criminal, for members "
        "whose agreement names it.",
    ),
    Setting(
        "OPENHOTLINE_CANARY_SITES",
        "",
        "Names of web sites of the hotline's own, with commas between, under which addresses are made up that stand in "
        "one member's list of addresses alone; production releases no such list without one.",
    ),
    Setting("OPENHOTLINE_JURISDICTION", "GB-EAW", "Whose law the list and the notices follow first."),
    Setting(
        "OPENHOTLINE_AUDIT_SHIP",
        "",
        "Folder, best of another machine, that signed checkpoints of the audit log, certificates of purges and "
        "versions of lists are shipped to; empty: none.",
    ),
    Setting(
        "OPENHOTLINE_LAW", "", "Folder with the operator's own legal rules, laid over the shipped ones; empty: none."
    ),
    Setting(
        "OPENHOTLINE_GUIDANCE", "", "Folder with the operator's own guidance, laid over the shipped one; empty: none."
    ),
    Setting("OPENHOTLINE_RETENTION", "", "The operator's table of how long records are kept; empty: the shipped one."),
    Setting("OPENHOTLINE_TRIAGE", "", "The operator's rules of triage; empty: the shipped ones."),
    Setting(
        "OPENHOTLINE_C2PA_TRUST",
        "",
        "File or folder of root certificates: whose Content Credentials in a file are trusted; empty: nobody's.",
    ),
    Setting(
        "OPENHOTLINE_LOOKING_LIMITS",
        "",
        "The operator's limits on looking: breaks, the budget of a day, the end of a shift; empty: the shipped ones.",
    ),
    Setting("OPENHOTLINE_UNUSUAL", "", "The operator's rules for unusual looks; empty: the shipped ones."),
    Setting(
        "OPENHOTLINE_DEVICE_CODES",
        "",
        "yes or no: whether young people may make codes of their own pictures here. Empty: in practice mode yes, in "
        "production no. Say yes at the public door, the desk and the worker once a member takes self-reported hashes.",
    ),
    Setting(
        "OPENHOTLINE_HELP_SERVICES",
        "",
        "The operator's table of services that help young people, by country; empty: the shipped one.",
    ),
    Setting(
        "OPENHOTLINE_ONION",
        "",
        "Onion address of the public door, as http://….onion; its pages then name it, and answer to it.",
    ),
    Setting(
        "OPENHOTLINE_PROXIES",
        "",
        "IP addresses or networks, comma-separated, of the proxies in front, whose X-Forwarded-For is believed; empty: "
        "none. Of a sender's address only a hash is kept, and it is another one each day.",
    ),
    Setting(
        "OPENHOTLINE_FLOOD_SENDER", "20/hour; 60/day", "Reports that one sender sends before they wait in quarantine."
    ),
    Setting(
        "OPENHOTLINE_FLOOD_SITE",
        "100/hour; 300/day",
        "The same for all IPv6 senders of one site (48 bits) together; a home (64 bits) is one sender.",
    ),
    Setting(
        "OPENHOTLINE_FLOOD_SHARED",
        "120/hour",
        "The same for all senders without an address of their own together: the onion service.",
    ),
    Setting("OPENHOTLINE_FLOOD_DOOR", "120/10 minutes", "Reports of everybody from which on the door is busy."),
    Setting("OPENHOTLINE_FLOOD_TIGHT", "3/hour", "Reports of one sender while the door is busy."),
    Setting("OPENHOTLINE_FLOOD_MOST", "3000/hour", "Reports of everybody that go on; what is more waits its turn."),
    Setting("OPENHOTLINE_FLOOD_TRIES", "10/10 minutes", "Wrong receipts that one sender tries before having to wait."),
    Setting("OPENHOTLINE_FLOOD_SITE_TRIES", "100/10 minutes", "The same for all IPv6 senders of one site together."),
    Setting("OPENHOTLINE_FLOOD_ALL_TRIES", "60000/10 minutes", "Wrong receipts of everybody before all have to wait."),
    Setting("OPENHOTLINE_PRIVACY_CONTROLLER", "", "Privacy notices: name and postal address of the organisation."),
    Setting("OPENHOTLINE_PRIVACY_CONTACT", "", "Privacy notices: how to reach the data protection officer."),
    Setting("OPENHOTLINE_PRIVACY_REGULATOR", "", "Privacy notices: name and address of the supervisory authority."),
    Setting("OPENHOTLINE_PRIVACY_BASIS", "", "Privacy notices: the lawful basis, as the operator decided it."),
    Setting(
        "OPENHOTLINE_PRIVACY_SERVER_LOG",
        "",
        "Privacy notices: what the web server in front keeps of a visitor's device address, and for how long.",
    ),
    Setting("OPENHOTLINE_UNDO_SECONDS", "30", "How long a decision can be undone before it is published."),
    Setting(
        "OPENHOTLINE_FRESH_MINUTES",
        "10",
        "How long after signing in or proving it again a person may do what is sensitive: releases, roles.",
    ),
    Setting("OPENHOTLINE_IDLE_MINUTES", "60", "After how long unused a session of the desk ends; at most 240."),
    Setting("OPENHOTLINE_SECOND_OPINIONS", "", "The operator's rules for second opinions; empty: the shipped ones."),
)
DEFAULTS = {setting.name: setting.default for setting in SETTINGS}
