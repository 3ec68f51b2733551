"""The one rule that nobody can switch off: no sexual pictures of minors.

It looks for a word for a minor and a sexual word anywhere in what is asked for: prompt, models,
LoRAs. What is asked to be left out does not count, but leaving out the clothes does. A list of
words is a net with holes and catches some innocents; it stands beside the API's own filters and
the moderators' eyes, not in their place. Kept as short as it can be and still work.
"""

from __future__ import annotations

import re

from bot.domain.prompt_rules.folding import Folded, fold
from bot.domain.prompt_rules.phrases import Phrases

_MINORS = Phrases.listed(
    """
    child|children|childlike|kid|kids|toddler|toddlers|infant|infants|baby|babies|newborn
    little girl|little girls|little boy|little boys|young girl|young girls|young boy|young boys
    small girl|small boy|preteen|preteens|pre teen|tween|tweens|teen|teens|teenage|teenager
    teenagers|teenaged|adolescent|adolescents|underage|underaged|under age|minor|minors|juvenile
    schoolgirl|schoolgirls|schoolboy|schoolboys|school girl|school boy|kindergarten|kindergartner
    preschool|preschooler|elementary school|primary school|middle school|junior high|first grader
    daughter|loli|lolis|shota|shotas
    kleinkind|ein kind|das kind|minderjahrig|minderjahrige|minderjahriges|kleines madchen
    junges madchen|schulmadchen|schulerin|jugendliche|saugling
    enfant|enfants|fillette|petite fille|petit garcon|jeune fille|mineur|mineure|ecoliere|bebe
    menor de edad|menores de edad|nina pequena|pequena nina|nino|ninos|adolescente|colegiala
    crianca|criancas|menor de idade|menina|menino|garotinha
    ребёнок|ребенка|дети|детей|девочка|девочки|девочку|мальчик|мальчика|школьница|школьницы
    школьник|подросток|подростка|несовершеннолетняя|несовершеннолетний|малолетка
    ロリ|ショタ|幼女|幼児|子供|こども|小学生|中学生|女子高生|未成年|児童|赤ちゃん|少女|少年
    어린이|아동|아이|미성년|초등학생|중학생|여고생|소녀|로리|쇼타
    儿童|兒童|孩子|小孩|幼童|萝莉|蘿莉|正太|初中生|小女孩|小男孩|女童
    cocuk|cocuklar|bebek|kucuk kiz|kucuk oglan|resit olmayan|liseli
    """
)

_SEXUAL = Phrases.listed(
    """
    nude|nudes|nudity|naked|nsfw|porn|porno|pornographic|pornography|hentai|sex|sexual|sexually
    sexy|sexualized|erotic|erotica|eroticism|lingerie|topless|bottomless|undressed|undressing
    unclothed|without clothes|no clothes|without clothing|no clothing|genitals|genitalia|penis
    vagina|pussy|breasts|boobs|nipples|nipple|orgasm|masturbating|masturbation|blowjob|fellatio
    cum|bdsm|lewd|ahegao|xxx|rule34|underwear|panties|seductive|fetish|onlyfans|deepthroat
    nackt|nackte|nacktes|nackter|nackten|erotisch|erotische|unbekleidet
    nu|nue|nus|nues|erotique|seins|desnudo|desnuda|desnudos|desnudas|erotico|erotica|nua|nuas
    pelado|pelada|sexo|sexe|sexuel|sensual
    голый|голая|голые|голое|голую|обнаженный|обнажённая|обнаженная|порно|эротика|секс|эротический
    裸|ヌード|エロ|セックス|全裸|下着|エッチ|누드|알몸|야한|섹스|포르노|에로|裸体|色情|性感|内衣|做爱
    ciplak|erotik|seks|ic camasiri
    """
)

_CLOTHES = Phrases.listed(
    """
    clothes|clothing|clothed|dressed|dress|shirt|underwear|bra|panties|outfit
    kleidung|vetements|ropa|roupa|одежда|服|옷|衣服|giysi
    """
)
"""Asked to be left out, they undress whom the prompt shows."""

_ALWAYS = Phrases.listed(
    """
    lolicon|shotacon|toddlercon|jailbait|child porn|child pornography|kiddie porn|kinderporno
    pedo|pedophile|pedophilia|paedophile|paedophilia|porno infantil|детское порно
    ロリコン|ショタコン|炼铜|아동 포르노|cocuk pornosu
    """
)

_INNOCENT = re.compile(
    r"\b(?:baby (?:blue|pink|doll|face|oil|hair)|kid (?:goat|leather|gloves?)|inner child"
    r"|child'?s pose|minor (?:key|chord|planet|arcana)|in [a-g](?: flat| sharp)? minor"
    r"|adult child)\b"
)

_NUMBERS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    "|sixteen|seventeen"
)
_YEARS = (
    r"(?:years?|yrs?|yr|y)[ .-]*(?:olds?|o)\b|y/?o\b|jahre alt|jahrig|ans\b|anos\b"
    rf"|{fold('лет')}|{fold('года')}|歳|才|살|岁|歲|yas"
)
_AGE = re.compile(
    rf"(?<![\w.])(?:0?[1-9]|1[0-7]|{_NUMBERS})[ -]*(?:{_YEARS})"
    rf"|\bage[ds]?[ :]*(?:0?[1-9]|1[0-7]|{_NUMBERS})\b(?!\s*\d)"
)


def breaks_built_in_rule(wanted: str, unwanted: str = "") -> bool:
    """Tell whether a request is for a sexual picture of a minor.

    Args:
        wanted: everything that is to show: prompt, model, LoRAs, embeddings.
        unwanted: what is to be left out (the negative prompt).
    """
    folded = Folded(_INNOCENT.sub(" ", fold(wanted)))
    if _ALWAYS.are_in(folded):
        return True
    if not (_MINORS.are_in(folded) or _AGE.search(folded.text)):
        return False
    return _SEXUAL.are_in(folded) or _CLOTHES.are_in(Folded(unwanted))
