"""Posts for engines that build a site from Markdown files: a function a target.

Each says where its files lie, how it addresses pictures, and what it wants above the text.
"""

from __future__ import annotations

from convoylog.model.marked import mark
from convoylog.model.pages import Pages
from convoylog.reports.edition import PLAIN, Edition
from convoylog.reports.outline import Report
from convoylog.reports.posts.body import Body, write_body
from convoylog.reports.posts.escape import inline
from convoylog.reports.posts.front import front_matter, in_utc, stamp_of, tags_of
from convoylog.reports.share import CARD


def _pages(
    path: str, above: str, body: Body, folder: str, downloads: str = "", **more: object
) -> Pages:
    """A text at `path` with pictures in `folder`. downloads: their folder, if it is another."""
    files = {path: f"{above}\n{mark(body.text)}".encode()}
    files |= {f"{folder}/{name}": content for name, content in body.pictures.items()}
    files |= {f"{downloads or folder}/{name}": c for name, c in body.downloads.items()}
    return Pages(files, path, shared=frozenset({path}), **more)  # type: ignore[arg-type]


def _first_picture(body: Body) -> str:
    """What networks and lists of posts show with the post, "" if there is none."""
    photos = [name for name in body.pictures if name.startswith("photo-")]
    return CARD if CARD in body.pictures else (photos or [""])[0]


def markdown(report: Report, edition: Edition = PLAIN) -> Pages:
    """CommonMark with GitHub's tables, in a folder of its own."""
    body = write_body(report, edition, str, str)
    return _pages(f"{report.slug}/README.md", f"# {inline(report.title)}\n", body, report.slug)


def hugo(report: Report, edition: Edition = PLAIN) -> Pages:
    """A page bundle. Source: Hugo documentation, "Page bundles", "Front matter"."""
    body = write_body(report, edition, str, str)
    at = stamp_of(report)
    above = front_matter(
        {
            "title": report.title,
            "date": at,
            "lastmod": at,
            "slug": report.slug,
            "summary": report.lede,
            "tags": tags_of(report),
            "draft": edition.draft,
            "images": tuple(filter(None, [_first_picture(body)])),
        }
    )
    folder = f"content/posts/{report.slug}"
    known = (
        "hugo.toml",
        "hugo.yaml",
        "hugo.json",
        "config.toml",
        "config.yaml",
        "config.json",
        "config",
    )
    return _pages(f"{folder}/index.md", above, body, folder, site=("Hugo", known))


def jekyll(report: Report, edition: Edition = PLAIN) -> Pages:
    """A post and its assets. Source: Jekyll documentation, "Posts", "Front matter"."""
    folder = f"assets/posts/{report.slug}"

    def address(name: str) -> str:
        return f"{edition.base_url}/{folder}/{name}"

    body = write_body(report, edition, address, address)
    at = stamp_of(report)
    first = _first_picture(body)
    above = front_matter(
        {
            "layout": edition.layout or "post",
            "title": report.title,
            "date": at,
            "tags": tags_of(report),
            "image": f"{edition.base_url}/{folder}/{first}" if first else None,
            "excerpt": report.lede,
        }
    )
    # only a draft may be without a date
    path = (
        f"_drafts/{report.slug}.md"
        if edition.draft or at is None
        else f"_posts/{at[:10]}-{report.slug}.md"
    )
    return _pages(path, above, body, folder, site=("Jekyll", ("_config.yml", "_config.toml")))


def eleventy(report: Report, edition: Edition = PLAIN) -> Pages:
    """A page beside its pictures. Source: Eleventy documentation, "Front matter", "Passthrough"."""
    folder = f"posts/{report.slug}"
    body = write_body(report, edition, str, str)
    above = front_matter(
        {
            "layout": edition.layout,
            "title": report.title,
            "date": in_utc(stamp_of(report)),
            "description": report.lede,
            "tags": ("posts", *tags_of(report)),
            "permalink": f"/{folder}/",
            "draft": edition.draft or None,
        }
    )
    known = (".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs")
    told = (
        (
            'Eleventy copies pictures with `eleventyConfig.addPassthroughCopy("posts/**/*.{png,jpg,gpx}")`'
            " in its settings."
        ),
    )
    return _pages(f"{folder}/index.md", above, body, folder, site=("Eleventy", known), told=told)


def astro(report: Report, edition: Edition = PLAIN) -> Pages:
    """An entry of the collection "blog". Source: Astro documentation, "Content collections"."""
    folder = f"src/content/blog/{report.slug}"
    # Astro takes pictures from beside the text, and other files from `public` alone
    body = write_body(
        report,
        edition,
        lambda name: f"./{name}",
        lambda name: f"{edition.base_url}/{report.slug}/{name}",
    )
    first = _first_picture(body)
    above = front_matter(
        {
            "title": report.title,
            "description": report.lede,
            "pubDate": stamp_of(report),
            "heroImage": f"./{first}" if first else None,
            "tags": tags_of(report),
            "draft": edition.draft or None,
        }
    )
    known = ("astro.config.mjs", "astro.config.js", "astro.config.ts", "astro.config.mts")
    path = f"{folder}/index.md"
    return _pages(path, above, body, folder, f"public/{report.slug}", site=("Astro", known))
