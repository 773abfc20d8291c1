"""What the template language complains of in English, said in the words of those who write templates."""

import re
import traceback

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError, UndefinedError

_SYNTAX = (
    (r"unexpected '}'", "双花括号没有成对"),
    (r"unknown tag 'end(\w+)'", "“{{% end{0} %}}”前面没有与它配对的“{{% {0} %}}”"),
    (r"innermost block that needs to be closed is '(\w+)'", "“{{% {0} %}}”没有结束，缺少“{{% end{0} %}}”"),
    (r"unknown tag '(\w+)'", "不认识的标签“{{% {0} %}}”"),
    (r"No filter named '(.+)'", "没有名为“{0}”的过滤器"),
    (r"No test named '(.+)'", "没有名为“{0}”的判断"),
    (r"expected token 'end of print statement'", "双花括号没有成对，或者其中多了内容"),
    (r"expected token 'end of statement block'", "“{{% … %}}”没有成对，或者其中多了内容"),
    (r"unexpected end of template", "模板到末尾还有没写完的内容，请检查花括号是否成对"),
    (r"unexpected char '(.+)' at", "花括号中有不能使用的字符“{0}”，请检查是否误用了全角标点"),
    (r"block '(.+)' defined twice", "“{{% block {0} %}}”写了两次"),
    (r"Missing end of comment", "注释没有结束，缺少“#}}”"),
    (r"Expected an expression", "花括号中缺少内容"),
    (r"autoescape", "不允许改变 autoescape"),
    (r"unexpected '(.+)'", "花括号中多了“{0}”，请检查是否成对"),
    (r"expected token '(.+)', got '(.+)'", "此处应为“{0}”，写的是“{1}”"),
)
_RUNNING = {
    RecursionError: "嵌套过深",
    ZeroDivisionError: "除数为零",
    TypeError: "用法与值的类型不符，例如对文字作加减，或者过滤器多写了参数",
    ValueError: "值不能换算，例如把文字当作数字或日期",
}


def in_chinese(error: TemplateSyntaxError) -> str:
    """Return what is wrong with the way a template is written."""
    said = str(error.message or "")
    for pattern, words in _SYNTAX:
        if found := re.search(pattern, said, re.IGNORECASE):
            return words.format(*found.groups())
    return "写法有误，无法识别"


def while_filling(error: Exception) -> str:
    """Return what went wrong while a template was filled from facts."""
    if isinstance(error, TemplateNotFound):
        return f"找不到模板“{error.name}”"
    if isinstance(error, TemplateSyntaxError):
        return in_chinese(error)
    if isinstance(error, UndefinedError):
        named = re.search(r"“(.+)”|'([^']+)'(?: is undefined)?$", str(error.message))
        return f"没有“{named[1] or named[2]}”这一项" if named else "用到了没有的项目"
    if isinstance(error, TemplateError):
        return "用到了模板中不允许的写法"
    return next((words for kind, words in _RUNNING.items() if isinstance(error, kind)), "无法填写")


def place_of(error: Exception, template: str) -> tuple[str, int]:
    """Return the template and the line in it where an error arose, as far as that is known; 0 for an unknown line."""
    if isinstance(error, TemplateSyntaxError):
        return error.name or template, error.lineno
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".html")]
    return (frames[-1].filename, frames[-1].lineno or 0) if frames else (template, 0)
