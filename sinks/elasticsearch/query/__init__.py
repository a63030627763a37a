"""What readers ask, as typed Elasticsearch queries, and what they get to see of the answers. Pure."""

from sinks.elasticsearch.query.clauses import Meant, Reading
from sinks.elasticsearch.query.designations import designations_query
from sinks.elasticsearch.query.fields import FIELDS
from sinks.elasticsearch.query.parser import parse
from sinks.elasticsearch.query.question import Asked, Question, ask
from sinks.elasticsearch.query.syntax import QueryError

__all__ = [
    "FIELDS",
    "Asked",
    "Meant",
    "QueryError",
    "Question",
    "Reading",
    "ask",
    "designations_query",
    "parse",
]
