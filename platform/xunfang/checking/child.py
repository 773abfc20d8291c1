"""The child process that examines drafts: it holds nothing but the files of drafts, and asks nothing of anybody."""

from xunfang.checking.desk import prepare
from xunfang.confinement import serve

if __name__ == "__main__":
    raise SystemExit(serve(prepare))
