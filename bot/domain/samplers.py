"""What other tools call the samplers: their names beside the API's schedulers.

The equivalences are those of the API's own page "A1111 Schedulers" and of its table of ComfyUI's
names; where those call two "very similar", so does this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from bot.domain.parameters import AlgorithmType, Scheduler
from bot.domain.request import GenerationRequest


class Sampling(NamedTuple):
    """A scheduler and its variant; not `exact` where it only comes near what the name means."""

    scheduler: Scheduler
    algorithm: AlgorithmType = AlgorithmType.NONE
    exact: bool = True


_SDE = Sampling(Scheduler.DPM_SOLVER_MULTISTEP, AlgorithmType.DPM_SOLVER)
_NEAR = Sampling(Scheduler.DPM_SOLVER_MULTISTEP, exact=False)

_WEBUI: Mapping[str, Sampling] = {
    "Euler": Sampling(Scheduler.EULER_DISCRETE),
    "Euler a": Sampling(Scheduler.EULER_ANCESTRAL_DISCRETE),
    "LMS": Sampling(Scheduler.LMS_DISCRETE),
    "Heun": Sampling(Scheduler.HEUN_DISCRETE),
    "DPM2": Sampling(Scheduler.KDPM2_DISCRETE),
    "DPM2 a": Sampling(Scheduler.KDPM2_ANCESTRAL_DISCRETE),
    "DPM++ 2M": Sampling(Scheduler.DPM_SOLVER_MULTISTEP),
    "DPM++ 2M SDE": _SDE,
    "DPM++ SDE": Sampling(Scheduler.DPM_SOLVER_SINGLESTEP),
    "DDIM": Sampling(Scheduler.DDIM),
    "DDPM": Sampling(Scheduler.DDPM),
    "PLMS": Sampling(Scheduler.PNDM),
    "UniPC": Sampling(Scheduler.UNI_PC_MULTISTEP),
    "LCM": Sampling(Scheduler.LCM),
    "DEIS": Sampling(Scheduler.DEIS_MULTISTEP),
    "IPNDM": Sampling(Scheduler.IPNDM),
}
"""The web UI's names, each the one to write for its scheduler."""

_OTHERS: Mapping[str, Sampling] = {
    "DPM++ 2S a": _NEAR,
    "DPM++ 2M SDE Heun": _SDE._replace(exact=False),
    "DPM++ 3M SDE": _SDE._replace(exact=False),
    "euler_ancestral": _WEBUI["Euler a"],
    "heunpp2": _WEBUI["Heun"]._replace(exact=False),
    "dpm_2": _WEBUI["DPM2"],
    "dpm_2_ancestral": _WEBUI["DPM2 a"],
    "dpmpp_2m": _WEBUI["DPM++ 2M"],
    "dpmpp_2m_sde": _SDE,
    "dpmpp_3m_sde": _SDE._replace(exact=False),
    "dpmpp_sde": _WEBUI["DPM++ SDE"],
    "dpmpp_2s_ancestral": _NEAR,
    "ipndm_v": _WEBUI["IPNDM"]._replace(exact=False),
    "uni_pc": _WEBUI["UniPC"],
    "uni_pc_bh2": _WEBUI["UniPC"],
}

_BY_NAME = {
    name.lower(): sampling
    for name, sampling in (
        *_WEBUI.items(),
        *_OTHERS.items(),
        *((each.value, Sampling(each)) for each in Scheduler),
    )
}
_WEBUI_NAMES = {sampling: name for name, sampling in _WEBUI.items()}

_SCHEDULES = (" karras", " exponential", " polyexponential")
"""Up to version 1.8 the web UI wrote the spacing of the steps behind the sampler's name."""


def sampling_of(name: str, schedule: str = "") -> tuple[Sampling, bool] | None:
    """Return what comes nearest to a sampler, and whether its steps are spread after Karras.

    `schedule` is the spacing where a tool writes it apart; None: nothing here is like it.
    """
    plain = name.strip().lower().removesuffix("_gpu")
    for suffix in _SCHEDULES:
        if plain.endswith(suffix):
            plain, schedule = plain.removesuffix(suffix), suffix.strip()
    sampling = _BY_NAME.get(plain)
    if sampling is None:
        return None
    spacing = schedule.strip().lower()
    usual = spacing == "automatic" and plain.startswith("dpm")
    return sampling, usual or spacing == "karras"


def names_of(request: GenerationRequest) -> dict[str, Any]:
    """Return the web UI's words for a request's scheduler; the API's where it has none."""
    scheduler = request.scheduler
    name = _WEBUI_NAMES.get(Sampling(scheduler, request.algorithm_type), scheduler.value)
    return {"Sampler": name, "Schedule type": "Karras" if request.use_karras_sigmas else "Uniform"}
