"""Real engines build a site from our posts, without a warning, and every word and picture is there.

Engines that are not installed are skipped, saying so.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from convoylog.files.output import write_pages
from convoylog.reports.edition import Edition
from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import Report, make_report
from tests.reports.node import NODE, program
from tests.reports.test_reports import Tags
from tests.reports.trips import BEGIN, DENVER, car, note, photo, picture, track, trip

BRACES = "Price {{ 7 * 7 }} and {% include x %} {# note #} {{< figure >}} ${x} 1 < 2 & 3"
PAGE = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title></head><body>'


def hard_report() -> Report:
    """A trip whose every word tries to be something else in one of the engines."""
    whose = car(0, "Heron: \"the\" 'bird' | {{ car }}", driver="A # b")
    rtl = "שלום \u202eabc\u202c 🚗 `code` | pipe | <b>bold</b> <!> [gallery] ![x](y.png)"
    entries = [
        note(1, whose, BEGIN, BRACES, title="Title: {{ x }} # - [a](b)", tags=("a: b", "{% c %}")),
        note(2, whose, BEGIN, rtl, photos=(picture(1).sha256,)),
        note(3, whose, BEGIN, "\n\n".join(["# no heading", "--- no rule", "    no code " * 3])),
        note(4, whose, BEGIN, "long words " * 900),
    ]
    seen = trip([whose], {whose.id: [track((41.9, -87.6), DENVER, BEGIN, 9)]}, entries,
                [photo(whose, 1, "2026-06-11T09:00:00"), photo(whose, 2, "2026-06-11T09:30:00")],
                title="Trip: \"one\" {{ two }} # 3 — 'four'")  # fmt: skip
    return make_report(seen, pictures={p.sha256: p for p in (picture(1), picture(2))})


REPORT = hard_report()


def check(page: Path, root: Path) -> None:
    """A built page. root: of the built site, where absolute addresses begin."""
    text = page.read_text("utf-8")
    tags = Tags(text)
    plain = " ".join(tags.text.split())
    assert [tag for tag, _ in tags.seen].count("h1") == 1
    assert "table" in {tag for tag, _ in tags.seen}
    assert "{{ 7 * 7 }} and {% include x %} {# note #} {{< figure >}} ${x} 1 < 2 & 3" in plain
    assert "<b>bold</b> <!> [gallery]" in plain
    assert "convoylog wrote" not in text
    assert "&#" not in plain
    assert "| {{ car }}" in Tags(text[text.index("<table") :]).text
    images = [a["src"] or "" for tag, a in tags.seen if tag == "img"]
    assert len(images) == 4  # the map, the heights and two photos
    links = [
        a["href"] or "" for tag, a in tags.seen if tag == "a" and "gpx" in (a.get("href") or "")
    ]
    assert links
    for address in (*images, *links):
        path = unquote(address)
        found = root / path.lstrip("/") if path.startswith("/") else page.parent / path
        assert found.is_file(), address
    assert not {tag for tag, _ in tags.seen} & {"b", "script", "iframe"}


def build(*command: str, cwd: Path) -> str:
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=300,
        env={**os.environ, "LANG": "C.UTF-8", "ASTRO_TELEMETRY_DISABLED": "1", "CI": "1"},
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert not re.search(r"\bwarn(ing)?\b", said, re.IGNORECASE), said
    return said


@pytest.mark.skipif(not shutil.which("hugo"), reason="hugo is not installed")
def test_hugo_builds_the_post(tmp_path: Path) -> None:
    (tmp_path / "layouts/_default").mkdir(parents=True)
    (tmp_path / "hugo.toml").write_text('baseURL = "https://example.org/"\ntitle = "t"\n')
    for kind in ("single", "list"):
        layout = PAGE + "<h1>{{ .Title }}</h1>{{ .Content }}</body></html>"
        (tmp_path / f"layouts/_default/{kind}.html").write_text(layout)
    write_pages(FORMATS["hugo"](REPORT), tmp_path)
    build("hugo", "--panicOnWarning", cwd=tmp_path)
    public = tmp_path / "public"
    check(public / "posts" / REPORT.slug / "index.html", public)


@pytest.mark.skipif(not shutil.which("jekyll"), reason="jekyll is not installed")
def test_jekyll_builds_the_post(tmp_path: Path) -> None:
    (tmp_path / "_layouts").mkdir()
    (tmp_path / "_config.yml").write_text("title: t\nfuture: true\npermalink: /:title/\n")
    layout = PAGE + "<h1>{{ page.title | escape }}</h1>{{ content }}</body></html>"
    (tmp_path / "_layouts/post.html").write_text(layout)
    write_pages(FORMATS["jekyll"](REPORT), tmp_path)
    build("jekyll", "build", "--strict_front_matter", cwd=tmp_path)
    site = tmp_path / "_site"
    check(site / REPORT.slug / "index.html", site)


def test_eleventy_builds_the_post(tmp_path: Path) -> None:
    engine = program("eleventy")
    (tmp_path / "_includes").mkdir()
    layout = PAGE + "<h1>{{ title }}</h1>{{ content | safe }}</body></html>"
    (tmp_path / "_includes/base.njk").write_text(layout)
    (tmp_path / "eleventy.config.js").write_text(
        'module.exports = (c) => { c.addPassthroughCopy("posts/**/*.{png,jpg,gpx}"); };\n'
    )
    write_pages(FORMATS["eleventy"](REPORT, Edition(layout="base.njk")), tmp_path)
    build(engine, cwd=tmp_path)
    site = tmp_path / "_site"
    check(site / "posts" / REPORT.slug / "index.html", site)


def test_astro_builds_the_post(tmp_path: Path) -> None:
    engine = program("astro")
    (tmp_path / "node_modules").symlink_to(NODE / "node_modules")
    (tmp_path / "package.json").write_text('{"type": "module", "name": "t"}')
    (tmp_path / "astro.config.mjs").write_text("export default { cacheDir: './.cache' };\n")
    (tmp_path / "src/pages").mkdir(parents=True)
    (tmp_path / "src/content.config.ts").write_text(
        "import { defineCollection, z } from 'astro:content';\n"
        "import { glob } from 'astro/loaders';\n"
        "export const collections = { blog: defineCollection({\n"
        "  loader: glob({ pattern: '**/*.md', base: './src/content/blog' }),\n"
        "  schema: ({ image }) => z.object({ title: z.string(), description: z.string(),\n"
        "    pubDate: z.coerce.date(), heroImage: image().optional(),\n"
        "    tags: z.array(z.string()).optional() }) }) };\n"
    )
    (tmp_path / "src/pages/[...slug].astro").write_text(
        "---\nimport { getCollection, render } from 'astro:content';\n"
        "export async function getStaticPaths() {\n"
        "  return (await getCollection('blog')).map((post) => ({ params: { slug: post.id }, props: post }));\n"
        "}\nconst post = Astro.props;\nconst { Content } = await render(post);\n---\n"
        "<html lang='en'><head><meta charset='utf-8'><title>t</title></head><body>"
        "<h1>{post.data.title}</h1><Content /></body></html>\n"
    )
    write_pages(FORMATS["astro"](REPORT), tmp_path)
    build(engine, "build", cwd=tmp_path)
    dist = tmp_path / "dist"
    check(dist / REPORT.slug / "index.html", dist)


def test_pandoc_reads_the_same_words(tmp_path: Path) -> None:
    if not shutil.which("pandoc"):
        pytest.skip("pandoc is not installed")
    write_pages(FORMATS["markdown"](REPORT), tmp_path)
    folder = tmp_path / REPORT.slug
    build("pandoc", "-f", "gfm", "-t", "html", "-s", "--metadata", "title=t", "-o", "index.html",
          "README.md", cwd=folder)  # fmt: skip
    page = folder / "index.html"
    # pandoc's own title is a first heading too
    page.write_text(page.read_text("utf-8").replace('<h1 class="title">', "<p>"))
    check(page, folder)


def test_markdownlint_finds_nothing(tmp_path: Path) -> None:
    engine = program("markdownlint-cli2")
    # long lines are paragraphs; a post with front matter has its first heading there
    settings = '{"config": {"MD013": false, "MD041": false}}'
    (tmp_path / ".markdownlint-cli2.jsonc").write_text(settings)
    for name in ("markdown", "hugo", "jekyll", "eleventy", "astro"):
        write_pages(FORMATS[name](REPORT), tmp_path / name)
    build(engine, "**/*.md", cwd=tmp_path)


def test_a_post_that_the_engine_shall_keep_back_says_so() -> None:
    quiet = Edition(draft=True)
    told = {name: FORMATS[name](REPORT, quiet) for name in ("hugo", "jekyll", "eleventy", "astro")}
    for name, pages in told.items():
        text = pages.files[pages.first].decode()
        assert "draft: true" in text or (name == "jekyll" and pages.first.startswith("_drafts/"))


def test_figures_are_html_where_the_driver_asks_for_them() -> None:
    pages = FORMATS["jekyll"](replace(REPORT, slug="s"), Edition(figures=True))
    text = pages.files[pages.first].decode()
    assert "prefers-color-scheme: dark" in text
    assert "<figcaption>" in text
    assert "{{" not in text.split("---", 2)[2]
