"""The second lane: Elasticsearch 9 starts, analyses, indexes and searches."""

import httpx


def test_a_document_is_indexed_and_found(elasticsearch9: str) -> None:
    fields = {
        "title": {"type": "text", "analyzer": "arabic"},
        "meaning": {"type": "dense_vector", "dims": 3},
    }
    with httpx.Client(base_url=elasticsearch9, timeout=30) as client:
        client.put("/news", json={"mappings": {"properties": fields}}).raise_for_status()
        document = {"title": "واشنطن تفرض عقوبات على شركات", "meaning": [1.0, 0.0, 0.0]}
        client.put("/news/_doc/1", params={"refresh": "true"}, json=document).raise_for_status()
        match = client.post("/news/_search", json={"query": {"match": {"title": "والعقوبات"}}}).json()
        near = {"field": "meaning", "query_vector": [0.9, 0.1, 0.0], "k": 1}
        nearest = client.post("/news/_search", json={"knn": near}).json()
    assert [hit["_id"] for hit in match["hits"]["hits"]] == ["1"]
    assert [hit["_id"] for hit in nearest["hits"]["hits"]] == ["1"]


def test_the_python_client_accepts_the_node(elasticsearch9: str) -> None:
    from elasticsearch import Elasticsearch

    with Elasticsearch(elasticsearch9) as client:
        assert client.cluster.health()["status"] in {"yellow", "green"}
