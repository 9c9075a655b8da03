package dev.tale.benchmark;

import com.google.common.collect.Iterators;
import com.samskivert.mustache.BasicCollector;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import dev.tale.model.DataFormatException;
import dev.tale.text.ExpressionException;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A Mustache template, strict: a name without a value is an error, nothing is escaped, nothing but
 * the fields of the row can be reached, and no other file.
 */
final class TextTemplate {
  private static final Mustache.Compiler COMPILER =
      Mustache.compiler()
          .escapeHTML(false)
          .strictSections(true)
          .withFormatter(TextTemplate::format);

  /**
   * Items that the sections of one rendering go through, those inside one another times each other.
   */
  private static final int MOST_ITEMS = 1_000_000;

  private final String what;
  private final Place place;
  private final String text;
  private final Set<String> names;

  private TextTemplate(String what, Place place, String text) {
    this.what = what;
    this.place = place;
    this.text = text;
    Names visitor = new Names();
    compiled(text).visit(visitor);
    this.names = visitor.found;
  }

  /** Compiles a template; {@code what} is the key that has it. */
  static TextTemplate of(String what, Setting setting) throws DataFormatException {
    String text = setting.text(what);
    try {
      return new TextTemplate(what, setting.place(), text);
    } catch (MustacheException e) {
      throw setting.refused(what + " is not a template: " + e.getMessage() + "; mend it");
    } catch (IndexOutOfBoundsException e) {
      // What the library throws at a tag without a name.
      throw setting.refused(what + " is not a template: a tag has no name; name it");
    } catch (StackOverflowError e) {
      throw setting.refused(what + " is not a template: its sections nest too deep; write fewer");
    }
  }

  /** Compiled for each rendering, which has its own count of items; that is quick. */
  private static Template compiled(String text) {
    return COMPILER.withCollector(new FieldsOnly()).compile(text);
  }

  static boolean isTemplate(String text) {
    return text.contains("{{");
  }

  String render(SourceRow row, Map<String, ?> values) throws DataFormatException {
    try {
      BoundedWriter rendered = new BoundedWriter();
      compiled(text).execute(values, rendered);
      return rendered.toString();
    } catch (StackOverflowError e) {
      throw row.refused(what + " (" + place + ") cannot be filled in: its sections nest too deep");
    } catch (ExpressionException e) {
      throw row.refused(what + " (" + place + ") cannot be filled in: " + e.getMessage());
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
    private int items;

    @Override
    public @Nullable Iterator<?> toIterator(Object value) {
      Iterator<?> iterator = super.toIterator(value);
      return iterator == null ? null : Iterators.transform(iterator, this::counted);
    }

    private Object counted(Object item) {
      if (++items > MOST_ITEMS) {
        throw new MustacheException("sections go through more than " + MOST_ITEMS + " items");
      }
      return item;
    }

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
