"""A few words of each language that `multi_lingual` understands, for the painter's vocabulary.

One line a language of the endpoint's list: cat, forest, sea, mountain, night.
"""

from __future__ import annotations

from functools import cache

_ENGLISH = ("cat", "forest", "sea", "mountain", "night")

_WORDS = """
ar_AR قطة غابة بحر جبل ليل
cs_CZ kočka les moře hora noc
de_DE katze wald meer berg nacht
en_XX cat forest sea mountain night
es_XX gato bosque mar montaña noche
et_EE kass mets meri mägi öö
fi_FI kissa metsä meri vuori yö
fr_XX chat forêt mer montagne nuit
gu_IN બિલાડી જંગલ સમુદ્ર પર્વત રાત
hi_IN बिल्ली जंगल समुद्र पहाड़ रात
it_IT gatto foresta mare montagna notte
ja_XX 猫 森 海 山 夜
kk_KZ мысық орман теңіз тау түн
ko_KR 고양이 숲 바다 산 밤
lt_LT katė miškas jūra kalnas naktis
lv_LV kaķis mežs jūra kalns nakts
my_MM ကြောင် သစ်တော ပင်လယ် တောင် ည
ne_NP बिरालो वन सागर हिमाल राति
nl_XX kat bos zee bergen nacht
ro_RO pisică pădure marea munte noapte
ru_RU кошка лес море гора ночь
si_LK පූසා වනාන්තරය මුහුද කන්ද රාත්‍රිය
tr_TR kedi orman deniz dağ gece
vi_VN mèo rừng biển núi đêm
zh_CN 猫 森林 大海 山 夜晚
af_ZA kat woud see berg nag
az_AZ pişik meşə dəniz dağ gecə
bn_IN বিড়াল বন সাগর পাহাড় রাত
fa_IR گربه جنگل دریا کوه شب
he_IL חתול יער ים הר לילה
hr_HR mačka šuma more planina noć
id_ID kucing hutan laut gunung malam
ka_GE კატა ტყე ზღვა მთა ღამე
km_KH ឆ្មា ព្រៃ សមុទ្រ ភ្នំ យប់
mk_MK мачка шума море планина ноќ
ml_IN പൂച്ച കാട് കടൽ മല രാത്രി
mn_MN муур ой далай уул шөнө
mr_IN मांजर अरण्य समुद्र डोंगर रात्र
pl_PL kot las morze góra noc
ps_AF پیشو ځنګل سمندر غر شپه
pt_XX gato floresta mar montanha noite
sv_SE katt skog hav berg natt
sw_KE paka msitu bahari mlima usiku
ta_IN பூனை காடு கடல் மலை இரவு
te_IN పిల్లి అడవి సముద్రం పర్వతం రాత్రి
th_TH แมว ป่า ทะเล ภูเขา กลางคืน
tl_XX pusa gubat dagat bundok gabi
uk_UA кіт ліс море гора ніч
ur_PK بلی جنگل سمندر پہاڑ رات
xh_ZA ikati ihlathi ulwandle intaba ubusuku
gl_ES gato bosque mar montaña noite
sl_SI mačka gozd morje gora noč
"""

_UNSPACED = frozenset({"ja_XX", "zh_CN", "th_TH", "km_KH", "my_MM"})
"""Languages that write words without spaces between them."""


@cache
def _dictionaries() -> tuple[dict[str, str], dict[str, str]]:
    """Return the words that stand alone and those found inside others."""
    alone: dict[str, str] = {}
    inside: dict[str, str] = {}
    for line in _WORDS.strip().splitlines():
        code, *words = line.split()
        target = inside if code in _UNSPACED else alone
        for word, english in zip(words, _ENGLISH, strict=True):
            target.setdefault(word, english)
    return alone, inside


def translated(prompt: str) -> str:
    """Return the prompt with the English added for every foreign word that is known."""
    alone, inside = _dictionaries()
    words = [word.strip(".,;:!?()[]\"'«»„“”") for word in prompt.lower().split()]
    found = [alone[word] for word in words if word in alone]
    found += [english for word, english in inside.items() if word in prompt]
    return " ".join([prompt, *found])
