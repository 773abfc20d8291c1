"""The demonstration 演示: an invented month, played through the real acts at their past moments.

month    load_demo, demo_logins: play it once, and tell its logins
script   what a jurisdiction's demo.toml says happens
proofs   demo_problems: will it play, by the rules as they are
played   a worker that follows a played clock
"""
