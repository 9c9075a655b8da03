package dev.tale.onnx.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.tale.onnx.jinja.value.TemplateException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates come with models of others: none may end the process, nor keep it busy. */
@Tag("slow")
class TemplateBoundsTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final LocalDateTime NOW = LocalDateTime.of(2026, 1, 1, 0, 0);
  private static final String LONG = "{% set x = 'x' * 8000000 %}";
  private static final String NESTED =
      "{% set n = namespace(a=[], b=[]) %}{% for i in range(100) %}"
          + "{% set n.a = [n.a, n.a] %}{% set n.b = [n.b, n.b] %}{% endfor %}";

  private static String render(String template) {
    return Template.parse(template).render(Map.of("messages", List.of()), NOW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ [1, [2]]|tojson(indent=2000000000) }}",
        "{{ [1]|tojson(indent=101) }}",
        "{{ range(10000000000000) }}",
        "{{ range(-9223372036854775808, 9223372036854775807, 4611686018427387904)|list|length"
            + " + 'a' }}",
        "{{ 'x' * 1000000000 }}",
        "{{ 'x' * 9223372036854775807 }}",
        "{{ 9223372036854775807 * 2 }}",
        "{{ 99999999999999999999 }}",
        "{{ 10 ** 12 }}",
        "{{ '%2000000000d' % 1 }}",
        "{{ '{:2000000000}'.format(1) }}",
        "{{ 'x'.center(2000000000) }}",
        "{{ 'x'.ljust(2000000000) }}",
        "{{ 'x'|center(2000000000) }}",
        "{{ 'x'|indent(2000000000) }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(n) %}{{ m(n + 1) }}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}",
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        NESTED + "{{ n.a == n.b }}",
        NESTED + "{{ n.a in [n.b] }}",
        NESTED + "{{ n.a }}",
        NESTED + "{{ n.a|tojson(indent=100) }}",
        "{% set n = namespace(a=[]) %}{% for i in range(100000) %}{% set n.a = [n.a] %}"
            + "{% endfor %}{{ n.a|tojson(indent=100) }}",
        LONG + "{{ x|list|length }}",
        LONG + "{% for c in x %}{% endfor %}",
        LONG + "{% for i in range(100000) %}{% if 'y' in x %}{% endif %}{% endfor %}",
        LONG + "{% for i in range(100000) %}{{ x[-1] }}{% endfor %}",
        LONG + "{% for i in range(100000) %}{{ x.find('y') }}{% endfor %}",
        LONG + "{% for i in range(100000) %}{{ x|length }}{% endfor %}",
        LONG + "{% for i in range(100000) %}{{ x[:1] }}{% endfor %}",
        LONG + "{{ x.split('x')|length }}",
        LONG + "{{ x|replace('x', 'yyyyyyyyyyyyyyyy') }}",
        LONG + "{{ strftime_now(x) }}",
        "{% set n = namespace(a=[]) %}{% for i in range(100000) %}"
            + "{% set n.a = [n.a, range(100000)|list] %}{% endfor %}",
        "{% set n = namespace(t='ab') %}{% for i in range(100) %}{% set n.t = n.t ~ n.t %}"
            + "{% endfor %}",
        "{% set n = namespace(t='ab') %}{% for i in range(100) %}{% set n.t = n.t.replace('a', n.t)"
            + " %}{% endfor %}",
      })
  void templatesWithoutMeasure_areRefusedSoon(String template) {
    assertTimeoutPreemptively(
        SOON,
        () ->
            assertThatThrownBy(() -> render(template))
                .isInstanceOf(TemplateException.class)
                .hasMessageMatching("(?s)(line \\d+: )?.{10,400}"));
  }

  @Test
  void templatesThatNest_areRefused() {
    for (String template :
        List.of(
            "{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}",
            "{{ " + "[".repeat(100_000) + "]".repeat(100_000) + " }}",
            "{{ " + "-".repeat(100_000) + "1 }}",
            "{{ " + "not ".repeat(100_000) + "1 }}",
            "{% if 1 %}".repeat(100_000) + "{% endif %}".repeat(100_000),
            "{{ 1" + "+1".repeat(500_000) + " }}",
            "{{ a" + ".b".repeat(500_000) + " }}",
            "{{ 'a'" + "|trim".repeat(200_000) + " }}",
            " ".repeat((1 << 22) + 1))) {
      assertThatThrownBy(() -> render(template))
          .as(template.substring(0, 20))
          .isInstanceOf(TemplateException.class);
    }
  }

  @Test
  void ordinaryUse_isWithinTheBounds() {
    assertThat(render("{{ range(3000000000, 3000000002)|list }}"))
        .isEqualTo("[3000000000, 3000000001]");
    assertThat(render("{{ [1]|tojson(indent=4) }}")).isEqualTo("[\n    1\n]");
    assertThat(
            render(
                "{% set n = namespace(t='') %}{% for i in range(2000) %}"
                    + "{% set n.t = n.t ~ 'message ' %}{% endfor %}{{ n.t|length }}"))
        .isEqualTo("16000");
  }
}
