package dev.tale.benchmark;

import com.samskivert.mustache.BasicCollector;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import dev.tale.model.DataFormatException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A Mustache template, strict: a name without a value is an error, nothing is escaped, nothing but
 * the fields of the row can be reached, and no other file.
 */
final class TextTemplate {
  private static final Mustache.Compiler COMPILER =
      Mustache.compiler()
          .escapeHTML(false)
          .strictSections(true)
          .withFormatter(TextTemplate::format)
          .withCollector(new FieldsOnly());

  private final String what;
  private final Place place;
  private final Template template;
  private final Set<String> names;

  private TextTemplate(String what, Place place, Template template) {
    this.what = what;
    this.place = place;
    this.template = template;
    Names visitor = new Names();
    template.visit(visitor);
    this.names = visitor.found;
  }

  /** Compiles a template; {@code what} is the key that has it. */
  static TextTemplate of(String what, Setting setting) throws DataFormatException {
    String text = setting.text(what);
    try {
      return new TextTemplate(what, setting.place(), COMPILER.compile(text));
    } catch (MustacheException e) {
      throw setting.refused(what + " is not a template: " + e.getMessage() + "; mend it");
    } catch (IndexOutOfBoundsException e) {
      // What the library throws at a tag without a name.
      throw setting.refused(what + " is not a template: a tag has no name; name it");
    }
  }

  static boolean isTemplate(String text) {
    return text.contains("{{");
  }

  String render(SourceRow row, Map<String, ?> values) throws DataFormatException {
    try {
      return template.execute(values);
    } catch (MustacheException.Context e) {
      throw row.refused(
          e.key
              + " is missing, which "
              + what
              + " ("
              + place
              + ") uses; add it to the row, or map it in fields");
    } catch (MustacheException e) {
      throw row.refused(what + " (" + place + ") cannot be filled in: " + e.getMessage());
    }
  }

  /** The names that the template uses outside of what a section may define itself. */
  Set<String> names() {
    return names;
  }

  /** Refuses a template with a name that is not known, whatever the row. */
  void checkNames(Set<String> known) throws DataFormatException {
    for (String name : names()) {
      String first = name.split("\\.", 2)[0];
      if (!first.isEmpty()
          && !first.equals("this")
          && !first.startsWith("-")
          && !known.contains(first)) {
        throw place.refused(
            what
                + " uses {{"
                + name
                + "}}, which fields do not define; did you mean "
                + Nearest.to(first, known)
                + "?");
      }
    }
  }

  private static String format(Object value) {
    if (value instanceof String || value instanceof Boolean) {
      return value.toString();
    }
    throw new MustacheException(
        "a value is " + (value instanceof Map ? "a mapping" : "a list") + ", not a text");
  }

  /** Maps and lists, nothing by reflection. */
  private static final class FieldsOnly extends BasicCollector {
    @Override
    public <K, V> Map<K, V> createFetcherCache() {
      return new ConcurrentHashMap<>();
    }
  }

  private static final class Names implements Mustache.Visitor {
    private final Set<String> found = new LinkedHashSet<>();

    @Override
    public void visitText(String text) {}

    @Override
    public void visitVariable(String name) {
      found.add(name);
    }

    @Override
    public boolean visitInclude(String name) {
      throw new MustacheException("it includes {{>" + name + "}}, and there are no others");
    }

    @Override
    public boolean visitSection(String name) {
      found.add(name);
      return true;
    }

    @Override
    public boolean visitInvertedSection(String name) {
      found.add(name);
      return true;
    }
  }
}
