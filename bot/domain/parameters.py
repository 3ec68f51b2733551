"""The values that the API's enumerated attributes take (seed page, "Body Attributes")."""

from __future__ import annotations

from enum import StrEnum


class Scheduler(StrEnum):
    """The 18 schedulers of the endpoint."""

    DDPM = "DDPMScheduler"
    DDIM = "DDIMScheduler"
    PNDM = "PNDMScheduler"
    LMS_DISCRETE = "LMSDiscreteScheduler"
    EULER_DISCRETE = "EulerDiscreteScheduler"
    EULER_ANCESTRAL_DISCRETE = "EulerAncestralDiscreteScheduler"
    DPM_SOLVER_MULTISTEP = "DPMSolverMultistepScheduler"
    HEUN_DISCRETE = "HeunDiscreteScheduler"
    KDPM2_DISCRETE = "KDPM2DiscreteScheduler"
    DPM_SOLVER_SINGLESTEP = "DPMSolverSinglestepScheduler"
    KDPM2_ANCESTRAL_DISCRETE = "KDPM2AncestralDiscreteScheduler"
    UNI_PC_MULTISTEP = "UniPCMultistepScheduler"
    DDIM_INVERSE = "DDIMInverseScheduler"
    DEIS_MULTISTEP = "DEISMultistepScheduler"
    IPNDM = "IPNDMScheduler"
    KARRAS_VE = "KarrasVeScheduler"
    SCORE_SDE_VE = "ScoreSdeVeScheduler"
    LCM = "LCMScheduler"


class AlgorithmType(StrEnum):
    """How DPMSolverMultistepScheduler solves; no other scheduler reads it."""

    NONE = "none"
    DPM_SOLVER = "dpmsolver+++"


class SafetyCheckerType(StrEnum):
    """What replaces a picture that the safety checker flags, loosest first.

    Declaration order is the order of strictness used by the moderators' rules.
    """

    BLUR = "blur"
    PIXELATE = "pixelate"
    SENSITIVE_CONTENT_TEXT = "sensitive_content_text"
    BLACK = "black"


MULTI_LINGUAL_LANGUAGES = (
    "ar_AR",
    "cs_CZ",
    "de_DE",
    "en_XX",
    "es_XX",
    "et_EE",
    "fi_FI",
    "fr_XX",
    "gu_IN",
    "hi_IN",
    "it_IT",
    "ja_XX",
    "kk_KZ",
    "ko_KR",
    "lt_LT",
    "lv_LV",
    "my_MM",
    "ne_NP",
    "nl_XX",
    "ro_RO",
    "ru_RU",
    "si_LK",
    "tr_TR",
    "vi_VN",
    "zh_CN",
    "af_ZA",
    "az_AZ",
    "bn_IN",
    "fa_IR",
    "he_IL",
    "hr_HR",
    "id_ID",
    "ka_GE",
    "km_KH",
    "mk_MK",
    "ml_IN",
    "mn_MN",
    "mr_IN",
    "pl_PL",
    "ps_AF",
    "pt_XX",
    "sv_SE",
    "sw_KE",
    "ta_IN",
    "te_IN",
    "th_TH",
    "tl_XX",
    "uk_UA",
    "ur_PK",
    "xh_ZA",
    "gl_ES",
    "sl_SI",
)
"""Prompt languages that `multi_lingual` understands."""
