"""The central server: a Django project that takes in what kiosks send and answers them.

The hot path (`intake`) is plain views over bulk statements; people (`casework`, `portal`, `voice`)
get server-rendered pages; `catalogue` publishes the services that kiosks offer.
"""
