package dev.tale.onnx.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.onnx.jinja.value.TemplateException;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  private static final LocalDate DATE = LocalDate.of(2024, 7, 26);
  private static final String VARIABLES =
      "{'s':'Hello wOrld','t':'','n':3,'z':0,'f':2.5,'b':true,'l':['b','a','c'],'e':[],"
          + "'d':{'a':1,'b':'two','c':null},'m':{'role':'user','content':' hi '},"
          + "'mixed':[1,'2',null,false],'bos_token':'<s>','add_generation_prompt':true,"
          + "'tools':null,'documents':null,'messages':[{'role':'system','content':'Sys  '},"
          + "{'role':'user','content':'False'},"
          + "{'role':'assistant','content':'<think>\\nq</think>\\n\\nA {{ x }}'}]}";

  /** Random programs, and what transformers renders from each or that it fails. */
  @Test
  void programsRenderAsInPython() throws IOException {
    Map<String, Object> variables = variables(VARIABLES.replace('\'', '"'));
    SoftAssertions soft = new SoftAssertions();
    int unsupported = 0;
    for (JsonNode row : resource("/text/programs.json")) {
      String program = row.get("program").textValue();
      String outcome = outcome(program, variables);
      if (!row.has("rendered")) {
        soft.assertThat(outcome).as("%s%n%s", program, row.get("error")).startsWith("FAILED");
      } else if (outcome.endsWith("is not supported")) {
        unsupported++;
      } else {
        soft.assertThat(outcome).as(program).isEqualTo(row.get("rendered").textValue());
      }
    }
    soft.assertAll();
    assertThat(unsupported).isLessThan(10);
  }

  private static String outcome(String program, Map<String, Object> variables) {
    try {
      return Template.parse(program).render(variables, DATE.atStartOfDay());
    } catch (TemplateException e) {
      return "FAILED " + e.getMessage();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{{ 7*7 }}", "{% raw %}", "{# a #}", "{{ raise_exception('x') }}", "{{", "%}"})
  void textOfMessagesIsNotInterpreted(String text) {
    assertThat(render("[{{ s }}{{ s|trim }}{{ s ~ '' }}]", Map.of("s", text)))
        .isEqualTo("[" + text + text + text + "]");
  }

  @ParameterizedTest
  @CsvSource({
    "{% include 'a' %},the tag 'include'",
    "{% import 'a' as b %},the tag 'import'",
    "{% extends 'a' %},the tag 'extends'",
    "{% block a %}{% endblock %},the tag 'block'",
    "{% filter upper %}a{% endfilter %},the tag 'filter'",
    "{% for a in [1] recursive %}{% endfor %},a recursive loop",
    "{{ 'a'|pprint }},the filter 'pprint'",
    "{{ 1 is sameas 1 }},the test 'sameas'",
    "{{ 'a'.title() }},the method 'title' of a text",
    "{{ 'a'.encode() }},the method 'encode' of a text",
    "{{ ['a'].append(1) }},the method 'append'",
    "{{ {'items': 1}.items }},the method 'items' of a dictionary as a value",
    "{{ 2 ** 3 }},the operator **",
    "{{ '%s' % 1 }},% that formats a text",
    "{{ cycler('a') }},'cycler'",
    "{{ self }},'self'",
    "{{ strftime_now('%c') }},%c in a date format",
    "{{ 1.0e30 }},printing the number 1.0E30",
    "{{ 0x10 }},the number 0x10",
    "{{ '\\N{DASH}' }},the escape \\N in a string",
    "{{ 9223372036854775807 + 1 }},+ that gives an integer of more than 64 bits",
    "{{ [1]|map('upper') }},printing the filter 'map'",
    "{{ {'a': 1}|tojson(sort_keys=true) }},the argument 'sort_keys' of tojson"
  })
  void whatIsNotSupportedIsNamed(String template, String construct) {
    assertThatThrownBy(() -> render(template, Map.of()))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining(construct)
        .hasMessageContaining("is not supported")
        .hasMessageStartingWith("line 1: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ''.__class__ }}",
        "{{ s.class }}",
        "{{ s.getClass() }}",
        "{{ s['__class__'] }}",
        "{{ messages.__class__.__mro__ }}",
        "{{ namespace.__init__.__globals__ }}",
        "{{ range.__self__ }}",
        "{{ d.getClass().forName('java.lang.Runtime') }}",
        "{{ open('/etc/passwd') }}",
        "{{ loop.getClass() }}"
      })
  void nothingButTheValuesIsReached(String template) {
    String outcome = outcome(template, Map.of("s", "a", "d", Map.of(), "messages", List.of()));
    assertThat(outcome)
        .matches("(?s)|FAILED .*(undefined|not supported|has no|cannot be called).*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% set n = namespace(s='0123456789') %}{% for a in range(60) %}{% set n.s = n.s + n.s %}"
            + "{% endfor %}",
        "{% set n = namespace(s=[1, 2]) %}{% for a in range(60) %}{% set n.s = n.s + n.s %}"
            + "{% endfor %}",
        "{{ 'a' * 1000000000000 }}",
        "{% set n = namespace(s=[]) %}{% for a in range(60) %}{% set n.s = [n.s, n.s] %}"
            + "{% endfor %}{{ n.s }}",
        "{% set n = namespace(s=[]) %}{% for a in range(60) %}{% set n.s = [n.s, n.s] %}"
            + "{% endfor %}{{ n.s|tojson }}",
        "{% set n = namespace(s=[]) %}{% for a in range(99999) %}{% set n.s = [n.s] %}"
            + "{% endfor %}{{ n.s }}",
        "{{ range(10000000) }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{{ [1]|tojson(indent=1000000000) }}{{ ('a' * 30000000)|tojson }}{{ 'a' * 30000000 }}",
        "{% set n = namespace(s='ab') %}{% for a in range(60) %}"
            + "{% set n.s = n.s|replace('a', n.s) %}{% endfor %}"
      })
  void whatDoesNotEndIsStopped(String template) {
    assertThatThrownBy(() -> render(template, Map.of()))
        .isInstanceOf(TemplateException.class)
        .hasMessageMatching("(?s).*(more than|longer than).*");
  }

  @Test
  void deepNestingIsRefused() {
    for (String deep :
        List.of(
            "{{ " + "(".repeat(5000) + "1" + ")".repeat(5000) + " }}",
            "{{ " + "-".repeat(5000) + "1 }}",
            "{{ " + "not ".repeat(5000) + "1 }}",
            "{{ " + "[".repeat(5000) + "]".repeat(5000) + " }}",
            "{% if 1 %}".repeat(5000) + "{% endif %}".repeat(5000))) {
      assertThatThrownBy(() -> Template.parse(deep))
          .isInstanceOf(TemplateException.class)
          .hasMessageContaining("nesting more than 100 deep is not supported");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ 1",
        "{% if 1 %}",
        "{% endif %}",
        "{{ }}",
        "{{ 1 2 }}",
        "{% for in a %}{% endfor %}",
        "{{ (1] }}",
        "{{ 'a }}",
        "{# a",
        "{% raw %}",
        "{% break %}",
        "{{ a is }}",
        "{{ $ }}",
        "{{ f(a=1, 2) }}",
        "{% set %}",
        "{% macro %}",
        "{{ 'a' if }}",
        "{{ and }}",
        "{{ a[1:2:3:4] }}"
      })
  void malformedTemplatesAreRefused(String template) {
    assertThatThrownBy(() -> Template.parse(template))
        .isInstanceOf(TemplateException.class)
        .hasMessageStartingWith("line 1: ");
  }

  /** Jinja would show nothing where the loop prints it, as its own would be meant. */
  @Test
  void aNameThatIsSetTooLateIsRefusedWhereItWasGiven() {
    String template = "{% for a in [1] %}[{{ s }}]{% endfor %}{% set s = 1 %}";
    assertThat(render(template, Map.of())).isEqualTo("[]");
    assertThatThrownBy(() -> render(template, Map.of("s", "given")))
        .hasMessageContaining("setting 's'");
  }

  @Test
  void theLineOfAFailureIsTold() {
    assertThatThrownBy(() -> render("a\n{% if 1 %}\n\n{{ missing.more }}\n{% endif %}", Map.of()))
        .hasMessage("line 4: 'missing' is undefined");
    assertThatThrownBy(() -> render("\n\n{{ raise_exception('Not so!') }}", Map.of()))
        .hasMessage("line 3: the template refuses: Not so!");
  }

  @Test
  void datesAreWrittenInEnglish() {
    assertThat(
            render("{{ strftime_now('%A, %d %B %Y %a %b %y %m %j %H:%M:%S %I %p %%') }}", Map.of()))
        .isEqualTo("Friday, 26 July 2024 Fri Jul 24 07 208 00:00:00 12 AM %");
  }

  private static String render(String template, Map<String, Object> variables) {
    return Template.parse(template).render(variables, DATE.atStartOfDay());
  }

  private static Map<String, Object> variables(String json) throws IOException {
    Map<String, Object> variables = new HashMap<>();
    new ObjectMapper()
        .readTree(json)
        .properties()
        .forEach(entry -> variables.put(entry.getKey(), value(entry.getValue())));
    return variables;
  }

  private static Object value(JsonNode json) {
    if (json.isNull()) {
      return Template.NONE;
    }
    if (json.isArray()) {
      List<Object> values = new ArrayList<>();
      json.forEach(each -> values.add(value(each)));
      return values;
    }
    if (json.isObject()) {
      Map<String, Object> values = new LinkedHashMap<>();
      json.properties().forEach(entry -> values.put(entry.getKey(), value(entry.getValue())));
      return values;
    }
    return json.isTextual()
        ? json.textValue()
        : json.isBoolean() ? (Object) json.booleanValue() : number(json);
  }

  private static Object number(JsonNode json) {
    return json.isIntegralNumber() ? (Object) json.longValue() : (Object) json.doubleValue();
  }

  private static JsonNode resource(String name) throws IOException {
    try (InputStream stream = TemplateTest.class.getResourceAsStream(name)) {
      return new ObjectMapper().readTree(stream);
    }
  }
}
