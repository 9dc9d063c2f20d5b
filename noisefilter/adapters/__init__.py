"""The same functions inside other frameworks: Ray, datatrove. Each module needs its framework, and nothing else imports it."""
