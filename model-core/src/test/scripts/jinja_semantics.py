"""Renders template snippets with Jinja as transformers sets it up.

Writes the golden file of TemplateSemanticsTest. Needs jinja2 (made with 3.1.6):

    python jinja_semantics.py > ../resources/fixtures/template/jinja_semantics.json
"""

import json

from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment


def raise_exception(message):
    raise TemplateError(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(
        x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


env = ImmutableSandboxedEnvironment(
    trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
)
env.filters["tojson"] = tojson
env.globals["raise_exception"] = raise_exception

MESSAGES = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "  Grüße, \"x\" {{ 1 }} 🙂\n"},
    {"role": "assistant", "content": "<think>a</think>\n\nYes"},
    {"role": "user", "content": "10"},
]

SNIPPETS = [
    # white space
    "a\n{% if true %}\nb\n{% endif %}\nc\n",
    "a\n  {% if true %}\n  b\n  {% endif %}\n  c\n\n",
    "a  {% if true %} b {% endif %} c",
    "a\n  {%- if true -%}  \n\n b \n {%- endif -%} \n c",
    "a\n  {%+ if true %}\nb{% endif +%}\nc",
    "a\n  {{ 1 }}\n  {{- 2 -}}\n  {{ 3 }}\n",
    "a\n  {# note #}\nb {# note #} c\n{#- note -#}\n d",
    "  {% set x = 1 %}\n  {% set y = 2 %}\n{{ x }}{{ y }}",
    "{{ 'a' -}}\n   \n  {% if true %}x{% endif %}",
    "\t{% if true %}x{% endif %}\n\n",
    "x{% if true -%}\n   {% if true %}y{% endif %}{% endif %}",
    "{% for i in range(3) %}\n  {{ i }}\n{% endfor %}\n",
    "{% for i in range(3) -%}\n  {{ i }}\n{%- endfor %}\n",
    "a\r\n{% if true %}\r\nb\r\n{% endif %}c\r\n",
    "",
    "\n",
    "\n\n",
    # literals and operators
    "{{ 1 + 2 * 3 - 4 // 3 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ -7 // 2 }} {{ 7 / 2 }} {{ 4 / 2 }}",
    "{{ 1.5 }} {{ 0.1 + 0.2 }} {{ 100000.0 * 100000000000.0 * 10 }} {{ 0.00001 }} {{ 12345678.9 }}",
    "{{ 'a' + 'b' ~ 1 ~ none ~ true ~ 2.0 }}",
    "{{ 'a' 'b' \"c\" }}",
    "{{ 'tab\\tline\\nquote\\'back\\\\ \\u00e4 \\x41 \\q' }}",
    "{{ 1 < 2 < 3 }} {{ 1 < 2 > 3 }} {{ 1 == 1.0 }} {{ true == 1 }} {{ 'a' < 'b' }} {{ 'Z' < 'a' }}",
    "{{ 'b' in 'abc' }} {{ 'x' not in 'abc' }} {{ 2 in [1, 2] }} {{ 'k' in {'k': 1} }} {{ '' in 'a' }}",
    "{{ not 1 == 2 }} {{ not (1 == 2) and true }} {{ 0 or 'x' }} {{ 1 and '' }}|{{ none or false }}",
    "{{ 'a' if false }}|{{ 'a' if true else 'b' }}|{{ 'a' if false else 'b' if false else 'c' }}",
    "{{ (1, 2)[1] }} {{ [1, 2, 3][-1] }} {{ {'a': {'b': 5}}['a'].b }} {{ {'a': 1}.a }}",
    "{{ -'5'|int }} {{ -5|string }} {{ (-5)|string }}",
    "{{ 2 - 1 }} {{ 2 -1 }} {{ +3 }}",
    "{{ none }} {{ None }} {{ True }} {{ false }}",
    "{{ [1, 'a', none, true, {'k': 'v'}] | tojson }}",
    "{{ {'a': [1, 2], 'b': {}, 'c': [], 'd': {'e': 1.0}} | tojson(indent=2) }}",
    "{{ 'ü\\n\\t\"\\\\ <a> & \\u0001' | tojson }}",
    # undefined
    "[{{ nothing }}] {{ nothing is defined }} {{ nothing is undefined }} {{ nothing | default('d') }} {{ '' | default('d') }} {{ '' | default('d', true) }}",
    "{{ nothing ~ 'x' }} {{ nothing == other }} {{ nothing == none }} {{ nothing | length }}{% for x in nothing %}x{% endfor %}",
    "{% if nothing %}a{% else %}b{% endif %} {{ not nothing }}",
    "{{ messages[0].tool_calls is defined }} {{ messages[0]['tool_calls'] is none }} {{ 'tool_calls' in messages[0] }} [{{ messages[9] }}]",
    "{{ nothing.more }}",
    "{{ nothing['more'] }}",
    "{{ nothing + 1 }}",
    "{{ nothing() }}",
    "{{ messages[0].x.y }}",
    # types and errors
    "{{ 'a' + 1 }}",
    "{{ 1 / 0 }}",
    "{{ none.x is defined }}",
    "{{ 'a' < 1 }}",
    "{% for x in 5 %}{% endfor %}",
    "{{ raise_exception('no ' ~ 'way') }}",
    "{% if messages | length > 3 %}{{ raise_exception('too many: ' + messages|length|string) }}{% endif %}",
    "{{ 5 in 5 }}",
    # strings
    "{{ messages[1].content.strip() }}|{{ messages[1]['content'] | trim }}|{{ messages[1].content.lstrip() }}|{{ messages[1].content.rstrip('\\n') }}",
    "{{ messages[2].content.split('</think>')[-1].lstrip('\\n') }}",
    "{{ messages[2].content.split('</think>')[0].split('<think>')[-1] }}",
    "{{ 'a b  c '.split() | join('|') }} {{ 'a,b,,c'.split(',') | join('|') }} {{ 'a,b,c'.split(',', 1) | join('|') }}",
    "{{ 'hello'.startswith('he') }} {{ 'hello'.endswith(('x', 'lo')) }} {{ 'hello'[1] }} {{ 'hello'[-2:] }} {{ 'hello'[::-1] }} {{ 'hello'[1:4:2] }} {{ 'hello'[10:] }}|",
    "{{ 'ß'.upper() }} {{ 'ÄÖ' | lower }} {{ 'hello world' | title }} {{ 'hELLO' | capitalize }} {{ 'a-b c'.title() }}",
    "{{ 'aXbXc'.replace('X', '-') }} {{ 'aXbXc' | replace('X', '') }} {{ 'aXbXc'.replace('X', '-', 1) }} {{ 'ab'.replace('', '.') }}",
    "{{ '🙂é'|length }} {{ '🙂x'[0] }} {{ '🙂x'[1] }} {{ '🙂x'[::-1] }}",
    "{{ 'abcabc'.find('c') }} {{ 'abcabc'.count('bc') }} {{ 'x'.join(['a', 'b']) }} {{ 'a\\nb\\r\\nc\\n'.splitlines() | join('|') }}",
    "{{ 'prefix-x'.removeprefix('prefix-') }} {{ 'x.txt'.removesuffix('.txt') }}",
    "{{ '  x '|trim|length }} {{ 'xxaxx'|trim('x') }} {{ 5|string|length }} {{ '12'|int + 1 }} {{ 'z'|int }} {{ 'z'|int(7) }} {{ 3.9|int }}",
    "{{ '\\u00a0 x \\u2003'|trim|length }}",
    # lists and dictionaries
    "{{ messages[::-1][0].content }} {{ messages[1:] | length }} {{ messages[:-1] | length }} {{ messages[-1].content }}",
    "{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}={{ v }};{% endfor %}{% for k in {'a': 1} %}{{ k }}{% endfor %}",
    "{% for k, v in {'a': 1, 'b': 2} | items %}{{ k }}={{ v }};{% endfor %}",
    "{{ {'a': 1}.get('a') }} {{ {'a': 1}.get('b') }} {{ {'a': 1}.get('b', 'c') }} {{ {'a': 1}.keys() | list | join }} {{ {'a': 1}.values() | list | first }}",
    "{{ [1, 2] + [3] == [1, 2, 3] }} {{ ([1, 2] + [3]) | last }} {{ [3, 1] | first }} {{ [1, 2, 3] | reverse | list | join(',') }} {{ 'abc' | reverse }}",
    "{{ messages | selectattr('role', 'equalto', 'user') | list | length }} {{ messages | rejectattr('role', 'eq', 'user') | map(attribute='role') | join(' ') }} {{ messages | selectattr('content') | list | length }}",
    "{{ messages | map(attribute='content') | join('|') | length }} {{ messages | join('-', attribute='role') }}",
    "{{ [1, 2] | length }} {{ {'a': 1} | length }} {{ 'abc' | list | join('.') }} {{ [] | first is undefined }}",
    # loops
    "{% for m in messages %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }} {% endfor %}",
    "{% for m in messages if m.role == 'user' %}{{ loop.index }}:{{ m.content | trim }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% for m in [] %}x{% else %}empty{% endfor %} {% for m in messages if false %}x{% else %}none{% endfor %}",
    "{% for m in messages %}{{ loop.previtem.role if loop.previtem is defined else '-' }}>{{ loop.nextitem.role if not loop.last }} {% endfor %}",
    "{% for i in range(5) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}",
    "{% for i in range(2) %}{% for j in range(2) %}{{ loop.depth }}{{ i }}{{ j }} {% endfor %}{{ loop.index }} {% endfor %}",
    "{{ range(3) | list | join }} {{ range(1, 8, 3) | join(',') }} {{ range(3, 0, -1) | join }}",
    # scopes
    "{% set x = 1 %}{% for i in range(3) %}{{ x }}{% set x = x + 1 %}{{ x }} {% endfor %}{{ x }}",
    "{% set ns = namespace(x=1, y='') %}{% for i in range(3) %}{% set ns.x = ns.x + i %}{% set ns.y = ns.y ~ i %}{% endfor %}{{ ns.x }} {{ ns.y }} {{ ns.z is defined }}",
    "{% if true %}{% set x = 5 %}{% endif %}{{ x }}",
    "{% set x %}a{{ 1 + 1 }}\n{% endset %}[{{ x }}]",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}",
    "{% set x = messages if messages[0].role == 'user' else messages[1:] %}{{ x[0].role }}",
    "{% set x.y = 1 %}",
    # tests
    "{{ 'a' is string }} {{ 1 is string }} {{ {} is mapping }} {{ [] is iterable }} {{ 'a' is iterable }} {{ none is none }} {{ 1 is number }} {{ true is number }} {{ true is boolean }} {{ 1 is integer }} {{ true is integer }} {{ 1.0 is float }}",
    "{{ 3 is odd }} {{ 4 is even }} {{ 9 is divisibleby 3 }} {{ 9 is divisibleby(2) }} {{ 1 is eq 1 }} {{ 2 is gt(1) }} {{ 1 is in [1, 2] }} {{ 'a' is not string }} {{ x is not defined }}",
    "{{ 1 is true }} {{ true is true }} {{ false is false }} {{ [] is sequence }} {{ {} is sequence }} {{ 1 is sequence }}",
    "{{ 'x' is defined and 1 is defined }} {{ not x is defined }} {{ 'a' is string or y }}",
    # templates of the wild, in miniature
    "{%- for m in messages %}\n{%- if m.role == 'user' or (m.role == 'system' and not loop.first) %}\n{{- '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>' + '\\n' }}\n{%- elif m.role == 'assistant' %}\n{%- set content = m.content %}\n{%- if '</think>' in content %}\n{%- set content = content.split('</think>')[-1].lstrip('\\n') %}\n{%- endif %}\n{{- '<|im_start|>' ~ m.role ~ '\\n' ~ content }}\n{%- endif %}\n{%- endfor %}",
    "{%- set ns = namespace(multi=true, last=messages|length - 1) %}{%- for m in messages[::-1] %}{%- set index = (messages|length - 1) - loop.index0 %}{%- if ns.multi and m.role == 'user' and m.content is string and not(m.content.startswith('<tool>') and m.content.endswith('</tool>')) %}{%- set ns.multi = false %}{%- set ns.last = index %}{%- endif %}{%- endfor %}{{ ns.last }}",
    "{{ bos_token }}{% for m in messages %}{% if (m['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = m['role'] %}{% endif %}{{ '<start_of_turn>' + role + '\\n' + m['content'] | trim + '<end_of_turn>\\n' }}{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\\n'}}{% endif %}",
    "{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{% set ns = namespace(is_first=false, system_prompt='') %}{%- for message in messages %}{%- if message['role'] == 'system' %}{% set ns.system_prompt = message['content'] %}{%- endif %}{%- endfor %}{{bos_token}}{{ns.system_prompt}}",
    "{% if tools is not none and tools is defined %}x{% endif %}{% if documents %}y{% endif %}{{ tools is none }}",
]

cases = []
for snippet in SNIPPETS:
    case = {"template": snippet}
    try:
        case["text"] = env.from_string(snippet).render(
            messages=MESSAGES,
            tools=None,
            documents=None,
            add_generation_prompt=False,
            bos_token="<s>",
            eos_token="</s>",
        )
    except Exception as error:  # the kind of error does not matter, that there is one does
        case["error"] = f"{type(error).__name__}: {error}"
        case["raised"] = type(error) is TemplateError
    cases.append(case)
print(json.dumps({"messages": MESSAGES, "cases": cases}, indent=1))
