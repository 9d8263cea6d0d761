"""The S3 server of moto, one request at a time.

moto looks whether an object is there and then puts it, so of two conditional puts at one moment both may succeed. A real
store lets one of them through, and an archive of two machines rests on it.
"""

import threading

import moto.server

one_at_a_time = threading.Lock()
run_simple = moto.server.run_simple


def run(host, port, app, **options):
    def serial(environ, start_response):
        with one_at_a_time:
            return list(app(environ, start_response))

    run_simple(host, port, serial, **options)


moto.server.run_simple = run
moto.server.main()
