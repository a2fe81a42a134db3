"""Trouble on purpose: damaged files, kills, full disks; what the program makes of them is counted.

    .venv/bin/python -m tests.campaign [--count N] [--seed S] [--kinds png,pdf,…] [--jobs J] [--findings FOLDER]
    .venv/bin/python -m tests.campaign --kinds png --seed S --number N      # one of them once more, told in full
    .venv/bin/python -m tests.campaign kills [--count N] [--seed S] [--kinds …]
    .venv/bin/python -m tests.campaign trouble

`originals` draws sound files of every kind that the application opens, `mutations` damages them, `opening` gives
them to the functions that a user's files go through, in `workers` with limits of time and memory. Input N of a kind
is a function of seed, kind and N. Exit code 1 where something was found.
"""
