package dev.tale.onnx.jinja;

import java.time.LocalDateTime;
import java.util.Map;
import java.util.Set;

/** A parsed template. Immutable; safe to share between threads. */
public final class Template {
  /** Characters of a template; those of published models have up to 30,000. */
  private static final int LONGEST = 1 << 22;

  private final Statement statements;
  private final Set<String> hidden;

  Template(Statement statements, Set<String> hidden) {
    this.statements = statements;
    this.hidden = hidden;
  }

  /**
   * Parses a template.
   *
   * @throws TemplateException if it is malformed, or has a tag or an operator that is not supported
   */
  public static Template parse(String template) {
    if (template.length() > LONGEST) {
      throw new TemplateException(
          "the template has " + template.length() + " characters, more than " + LONGEST);
    }
    try {
      return StatementParser.parse(template);
    } catch (StackOverflowError e) {
      throw new TemplateException("the template is nested more than the stack can hold");
    }
  }

  /**
   * Renders the template. Values are texts, numbers ({@link Long}, {@link Double}), truth values,
   * lists and maps of these; {@link #NONE} stands for Python's None. They are not changed, and
   * nothing else can be reached from a template.
   *
   * @param variables values by name
   * @param now what {@code strftime_now} takes for now
   * @throws TemplateException if the template refuses the values or fails, a construct that it
   *     reaches is not supported, or it produces or loops without measure
   */
  public String render(Map<String, Object> variables, LocalDateTime now) {
    for (String name : hidden) {
      if (variables.containsKey(name)) {
        throw TemplateException.unsupported(
            "setting '" + name + "' after a loop, macro or set block used the one given");
      }
    }
    Rendering rendering = new Rendering(now);
    StringBuilder output = new StringBuilder();
    try {
      statements.run(Scope.of(rendering, variables), output);
      return output.toString();
    } catch (TemplateException e) {
      throw e.atLine(rendering.line());
    } catch (StackOverflowError e) {
      // Values can be nested by a loop, deeper than any thread's stack.
      throw new TemplateException("values or calls are nested more than the stack can hold")
          .atLine(rendering.line());
    } catch (OutOfMemoryError e) {
      throw new TemplateException("the values and the output need more memory than there is")
          .atLine(rendering.line());
    }
  }

  /** What stands for Python's None among the values. */
  public static final Object NONE = None.NONE;
}
