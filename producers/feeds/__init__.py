"""News from feeds: read in every form, polled at their own pace, pushed by hubs, each article once."""
