# local.mk: filled soon.
