"""A post for Ghost: a zip for its importer, JSON with one Markdown card, and pictures.

Source: Ghost documentation, "Importing content".
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from convoylog.model.pages import Pages
from convoylog.reports.edition import PLAIN, Edition
from convoylog.reports.outline import Report
from convoylog.reports.posts.body import write_body
from convoylog.reports.posts.front import stamp_of, tags_of
from convoylog.reports.share import CARD
from convoylog.reports.turning import straight

#: of the importer's JSON that we write
_VERSION = "5.0.0"


def ghost(report: Report, edition: Edition = PLAIN) -> Pages:
    """`<slug>-ghost.zip`. The post comes in as a draft, so that its author publishes it."""
    folder = f"content/images/convoylog/{report.slug}"

    def address(name: str) -> str:
        return f"__GHOST_URL__/{folder}/{name}"

    body = write_body(report, edition, address)
    stamp = stamp_of(report)
    at = datetime.fromisoformat(stamp) if stamp else datetime(1970, 1, 1, tzinfo=UTC)
    millis = int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
    card = {
        "version": "0.3.1",
        "atoms": [],
        "markups": [],
        "cards": [["markdown", {"markdown": body.text}]],
        "sections": [[10, 0]],
    }
    tags = tags_of(report)
    post = {
        "id": 1,
        "title": straight(" ".join(report.title.split()))[:255],
        "slug": report.slug,
        "mobiledoc": json.dumps(card),
        "feature_image": address(CARD) if CARD in body.pictures else None,
        "feature_image_alt": straight(body.alts[CARD])[:125] if CARD in body.pictures else None,
        "custom_excerpt": straight(report.lede)[:300],
        "status": "draft",
        "created_at": millis,
        "published_at": millis,
    }
    whole = {
        "meta": {"exported_on": millis, "version": _VERSION},
        "data": {
            "posts": [post],
            "tags": [{"id": n, "name": straight(tag)[:191]} for n, tag in enumerate(tags, 1)],
            "posts_tags": [{"post_id": 1, "tag_id": n} for n, _ in enumerate(tags, 1)],
        },
    }
    name = f"{report.slug}-ghost.zip"
    members = {f"{report.slug}.json": json.dumps(whole, indent=1).encode()}
    members |= {f"{folder}/{name}": content for name, content in body.pictures.items()}
    told = ("import it in Ghost's settings under Import/Export; the post comes in as a draft",)
    return Pages({}, name, archives={name: members}, told=told)
