"""Believable content for the pattern gallery at /dev/gallery: every macro in the scripts it must hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from consult.vocabulary import CaseStage, FindingKind, Phase, StakeholderGroup, SubmissionState
from consult.wording import label

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
FINGERPRINT = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
ENGLISH = (
    "Two thirds of the domestic workers whom we interviewed in four border towns had no written contract. "
    "Those who had one were paid on time nearly twice as often. We recommend that States make the written "
    "contract a condition of every recruitment permit, and publish the number of permits refused for it."
)
ARABIC = (
    "ندعو الدول إلى ضمان حصول جميع المهاجرين، بغض النظر عن وضعهم القانوني، على الخدمات الأساسية، "
    "وإلى تيسير المسارات النظامية للهجرة (مثل التأشيرات الموسمية H-2A) بما يراعي حقوق الإنسان."
)
CHINESE = (
    "我们建议各国在招聘许可中要求书面合同，并每年公布因缺乏书面合同而被拒绝的许可数量。"
    "移民工人应能以其理解的语言获得信息，包括有关工资、工时和申诉渠道的信息。"
)
AREAS = (
    "Round table 1: Regular migration and decent work",
    "Round table 2: Saving lives and protecting rights",
    "Round table 3: Integration and inclusion",
    "Round table 4: Data, evidence and cooperation",
)
COUNTS = ((61, 40, 18, 0, 12), (88, 9, 21, 3, 14), (52, 24, 0, 7, 31), (19, 33, 45, 2, 8))
GROUPS = tuple(StakeholderGroup)[:5]


def content() -> dict[str, Any]:
    """The context of gallery.html."""
    return {
        "now": NOW,
        "states": list(SubmissionState),
        "sample": ENGLISH,
        "arabic": ARABIC,
        "chinese": CHINESE,
        "fingerprint": FINGERPRINT,
        "consultations": _consultations(),
        "cases": _cases(),
        "coverage": _coverage(),
        "bars": [
            {"label": label(group), "value": sum(column), "href": "#"}
            for group, column in zip(GROUPS, zip(*COUNTS, strict=True), strict=True)
        ],
        "events": _events(),
    }


def _consultations() -> list[dict[str, Any]]:
    dates = {"href": "#", "opens_at": NOW, "closes_at": NOW + timedelta(days=26)}
    return [
        {"title": "Four round tables of the review forum", "phase": Phase.OPEN, **dates, "summary": AREAS[0]},
        {"title": "Six thematic sessions", "phase": Phase.CLOSED, **dates},
        {"title": "مشاورة إقليمية", "phase": Phase.UPCOMING, **dates, "summary": ARABIC},
    ]


def _cases() -> list[dict[str, Any]]:
    return [
        {
            "reference": "S-0123",
            "version": 2,
            "href": "#",
            "title": "Safe routes, decent work",
            "stage": CaseStage.FIRST,
            "organisation": "منظمة المهاجرين المتحدة",
            "group": StakeholderGroup.CIVIL_SOCIETY,
            "country": "Tunisia",
            "language": "Arabic",
            "areas": ["Round table 1", "Round table 3"],
            "received_at": NOW,
            "findings": [FindingKind.EMAIL, FindingKind.TOO_LONG],
            "late": True,
        },
        {
            "reference": "S-0124",
            "version": 1,
            "href": "#",
            "title": "移民工人的书面合同",
            "stage": CaseStage.SECOND,
            "organisation": "移民研究中心",
            "group": StakeholderGroup.ACADEMIA,
            "received_at": NOW,
            "due_at": NOW + timedelta(days=3),
            "claimed_by": "you",
        },
        {"reference": "S-0125", "href": "#", "title": None},
    ]


def _coverage() -> dict[str, Any]:
    def cell(count: int) -> dict[str, Any]:
        return {"value": None, "suppressed": True} if 0 < count < 5 else {"value": count, "href": "#"}

    rows = [
        {"label": area, "cells": [cell(count) for count in counts], "total": sum(counts)}
        for area, counts in zip(AREAS, COUNTS, strict=True)
    ]
    return {
        "caption": "Organisations by thematic area and stakeholder group",
        "row_label": "Thematic area",
        "columns": [label(group) for group in GROUPS],
        "rows": rows,
        "totals": [sum(column) for column in zip(*COUNTS, strict=True)],
        "grand_total": sum(map(sum, COUNTS)),
        "note": "Counts under 5 are hidden, because they could identify someone.",
    }


def _events() -> list[dict[str, Any]]:
    returned = "Paragraph 8 names a person. Please take the name out.\n\nThe rest is fine."
    return [
        {"at": NOW, "label": "Draft created", "by": "a member"},
        {"at": NOW, "label": "Submitted", "tone": "info"},
        {"at": NOW, "label": "Returned for changes", "by": "a moderator", "tone": "warn", "note": returned},
        {"at": NOW, "label": "Accepted", "tone": "good"},
    ]
