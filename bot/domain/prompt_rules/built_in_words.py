"""The words of the built-in rule, kept as few as can be and still work.

Each list sets phrases apart by `|` and line breaks, written as in their language; they are folded
like any rule. A language that bends its words has the commonest forms. Nouns that mostly mean
grown-ups ("girl", "Mädchen", "kız") are left out, words of school age are in.
"""

from __future__ import annotations

MINORS = (
    """
    child|children|childlike|kid|kids|schoolkid|schoolkids|toddler|toddlers|infant|infants
    baby|babies|newborn|newborns|youngster|youngsters|daughter|little sister|little brother
    little girl|little girls|little boy|little boys|young girl|young girls|young boy|young boys
    small girl|small girls|small boy|small boys|preteen|preteens|pre teen|tween|tweens
    teen|teens|teenage|teenaged|teenager|teenagers|adolescent|adolescents|pubescent|prepubescent
    underage|underaged|under age|minor|minors|juvenile|juveniles|schoolgirl|schoolgirls
    schoolboy|schoolboys|school girl|school girls|school boy|school boys|kindergarten
    kindergartner|kindergartener|preschool|preschooler|preschoolers|elementary school
    elementary schooler|primary school|grade schooler|middle school|middle schooler|junior high
    high school|high schooler|first grader|lolita|pedo|pedophile|paedophile
    """,
    """
    ein kind|das kind|nacktes kind|kind nackt|kinder|kindern|kleinkind|kleinkinder|säugling
    minderjährig|minderjährige|minderjähriges|minderjähriger|minderjährigen
    kleines mädchen|kleine mädchen|junges mädchen|junge mädchen|kleiner junge|kleine jungen
    schulmädchen|schülerin|schülerinnen|jugendliche|jugendlicher|teenie
    """,
    """
    enfant|enfants|fillette|fillettes|petite fille|petites filles|petit garçon|petits garçons
    jeune fille|jeunes filles|mineur|mineure|mineurs|mineures|écolière|écolier|collégienne
    lycéenne|bébé|bébés|gamine|gamin
    """,
    """
    menor de edad|menores de edad|niñas|niña pequeña|pequeña niña|niño|niños
    adolescente|adolescentes|colegiala|colegialas
    criança|crianças|menor de idade|menores de idade|menina|meninas|menino|meninos
    garotinha|garotinho|novinha
    """,
    """
    ребёнок|ребёнка|дети|детей|девочка|девочки|девочку|девочек|мальчик|мальчика|мальчики
    школьница|школьницы|школьницу|школьник|школьники|подросток|подростка|подростки|малыш
    несовершеннолетняя|несовершеннолетний|несовершеннолетние|малолетка|малолетки
    """,
    """
    ロリ|ショタ|幼女|幼児|園児|子供|子ども|こども|小学生|中学生|高校生|女子高生|未成年|児童|赤ちゃん
    少女|少年|어린이|어린아이|아동|미성년|초등학생|중학생|고등학생|여중생|여고생|소녀|소년
    로리|쇼타|儿童|兒童|孩子|小孩|幼童|萝莉|蘿莉|正太|未成年|小学生|小學生|初中生|高中生|女童|男童
    小女孩|小男孩
    """,
    """
    çocuk|çocuğu|çocuklar|çocukları|bebek|küçük kız|küçük oğlan|reşit olmayan|liseli|ergen
    """,
)

SEXUAL = (
    """
    nude|nudes|nudity|nudist|nudists|naked|nsfw|porn|porno|pornographic|pornography|hentai|sex
    sexual|sexually|sexy|sexualized|erotic|erotica|eroticism|lingerie|topless|bottomless
    undressed|undressing|unclothed|without clothes|no clothes|without clothing|no clothing
    wearing nothing|not wearing anything|birthday suit|skinny dipping|thong|micro bikini
    underwear|panties|upskirt|cameltoe|genitals|genitalia|penis|vagina|pussy|breasts|boobs
    nipple|nipples|orgasm|masturbating|masturbation|blowjob|handjob|fellatio|intercourse|anal
    creampie|cum|gangbang|bukkake|dildo|fuck|fucked|fucking|rape|raped|bdsm|fetish|lewd|ahegao
    horny|seductive|seductively|sensual|xxx|r18|rule34|onlyfans|deepthroat
    """,
    """
    nackt|nackte|nacktes|nackter|nackten|unbekleidet|erotisch|erotische
    nue|nus|nues|tout nu|enfant nu|garçon nu|bébé nu|menino nu|à poil|sexe
    sexuel|sexuelle|érotique|seins
    desnudo|desnuda|desnudos|desnudas|sin ropa|sexo|erótico|erótica|sensual
    pelado|pelada|pelados|peladas|nuas|toda nua|completamente nua|criança nua|menina nua
    garotinha nua|adolescente nua|sem roupa
    """,
    """
    голый|голая|голые|голое|голую|голого|обнажённый|обнажённая|обнажённые|обнажённую|раздетая
    без одежды|порно|эротика|эротический|эротическая|секс|секси|сексуальная
    """,
    """
    裸|ヌード|エロ|セックス|全裸|下着|エッチ|누드|알몸|나체|벌거벗|야한|섹스|포르노|에로|속옷
    色情|性感|内衣|內衣|做爱|做愛|赤裸
    """,
    """
    çıplak|erotik|seks|iç çamaşırı|cinsel
    """,
)

ALONE = (
    """
    loli|lolis|lolicon|shota|shotas|shotacon|toddlercon|jailbait|child porn|child pornography
    kiddie porn|pedophilia|pedophilic|paedophilia|paedophilic
    kinderporno|kinderpornografie|pédopornographie|porno infantil|niña desnuda|niño desnudo
    детское порно|лоли|лоликон|шотакон|ロリコン|ショタコン|炼铜|恋童|아동 포르노|çocuk pornosu
    """,
)
"""These suffice without another word."""

CLOTHES = """
    clothes|clothing|clothed|dressed|kleidung|vêtements|ropa|roupa|roupas|одежда|服|옷|衣服|giysi
"""

GROWN_UPS = """
    adult|adults|grown up|grown ups|over 18|erwachsene|adulte|adultes|adulto|adulta|взрослая
    взрослый|大人|성인|成人|yetişkin
"""

YOUNG_OR_NOT = "girl|girls|boy|boys|mädchen|fille|garçon|chica|garota|девушка|女の子|소녀|女孩|kız"

INNOCENT = (
    r"baby (?:blue|pink|oil|hair|grand|yoda|groot|shark)|baby doll (?:dress|lingerie)"
    r"|kid (?:goats?|leather|gloves?)|goat kids?|inner child|child'?s pose|enfants? terribles?"
    r"|minor (?:keys?|chords?|planets?|arcana|details?|flaws?|imperfections?|changes?|damage)"
    r"|in [a-g](?: flat| sharp)? minor|teenage mutant ninja"
    r"|(?:gothic|sweet) lolita|lolita (?:fashion|dress|style)|shota (?:aizawa|rustaveli|imanaga)"
    r"|naked (?:eyes?|flames?|mole rats?|bulbs?|trees?|branches)|(?:same|opposite) sex|cum laude"
    r"|same-sex|ice age|nude (?:tones?|colou?rs?|shades?|lipstick|heels|nails|make ?up)"
    r"|chicken breasts?|fromage rape|permen loli"
)
"""What the words above are part of without meaning it."""

INNOCENT_INSIDE = (
    "(?<=[ァ-ヺー])(?<!エロ)(?<!ロリ)(?<!ショタ)(?:エロ|ロリ|ショタ)|ロリポップ|ヌードル|エッチング"
    "|裸足|裸眼|裸電球|裸子|裸妆|칼로리|플로리다|글로리|쇼타임|소년단|소녀시대|누드톤|피에로"
)
"""The same inside longer words."""

NUMBERS = """
    one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen
    sixteen|seventeen
    ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|dreizehn|vierzehn|fünfzehn
    sechzehn|siebzehn
    un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize
    dix-sept
    dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince
    dieciséis|diecisiete|dois|três|quatro|sete|oito|nove|dez|doze|treze|dezesseis|dezessete
    два|три|четыре|пять|шесть|семь|восемь|девять|десять|одиннадцать|двенадцать|тринадцать
    четырнадцать|пятнадцать|шестнадцать|семнадцать
    iki|üç|dört|beş|altı|yedi|sekiz|dokuz|on bir|on iki|on üç|on dört|on beş|on altı|on yedi
"""
"""One to seventeen, for ages in words."""

TENS = """
    twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|vingt|trente|quarante
    cinquante|soixante|veinte|treinta|cuarenta|cincuenta|sesenta|vinte|trinta|quarenta
    cinquenta|sessenta|двадцать|тридцать|сорок|пятьдесят|шестьдесят|yirmi|otuz|kırk|elli|altmış
"""
"""Before a number up to nine they make it an age of grown-ups."""

YEARS = (
    r"(?:years?|yrs?|yr|y)[ .-]*(?:olds?\b|o\b|of age\b|young\b)|jahre (?:alt|jung)|jährig|ans\b"
    r"|años\b|лет(?:н|\b)|года?\b|歳|才|살|岁|歲|yaş(?:ı|\b)"
)

CHILD_IN_KOREAN = "(?<![가-힣])아이(?:가|를|의|와|랑|는|도|에게|들.*)?(?![가-힣])"
"""Its particles follow it; as a part of longer words it says nothing."""

AGED = "whiske?y|scotch|bourbon|wine|rum|port|cognac|brandy|cheese|oak|tree|house|building"
"""What is not a person, and yet has an age."""
