package dev.tale.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/**
 * A Markdown file of the repository: its blocks of code, its links, and the anchors of its
 * headings.
 */
final class Document {
  static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private final Path file;
  private final List<Block> blocks = new ArrayList<>();
  private final List<String> links = new ArrayList<>();
  private final List<String> anchors = new ArrayList<>();

  /**
   * A block of code.
   *
   * @param place file and line
   * @param language the fence's word, empty for an indented block
   * @param code its text
   * @param comment the HTML comment directly above, empty if there is none
   */
  record Block(String place, String language, String code, String comment) {}

  private Document(Path file) {
    this.file = file;
    parse();
  }

  static Document of(String name) {
    return new Document(ROOT.resolve(name));
  }

  /** Everything that a reader meets: the root's, docs' and the modules' own documents. */
  static List<Document> all() throws IOException {
    List<Document> documents = new ArrayList<>();
    try (Stream<Path> folders = Files.list(ROOT)) {
      for (Path folder : Stream.concat(Stream.of(ROOT), folders.sorted()).toList()) {
        String name = folder.getFileName().toString();
        if (folder.equals(ROOT) || name.equals("docs") || name.startsWith("tale-")) {
          documents.addAll(in(folder));
        }
      }
    }
    return documents;
  }

  private static List<Document> in(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".md")).sorted().map(Document::new).toList();
    }
  }

  private void parse() {
    Parser parser = Parser.builder().includeSourceSpans(IncludeSourceSpans.BLOCKS).build();
    try {
      parser.parse(Files.readString(file)).accept(new Collector());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Collector extends AbstractVisitor {
    private final IdGenerator ids = IdGenerator.builder().build();

    @Override
    public void visit(Heading heading) {
      anchors.add(ids.generateId(text(heading)));
      visitChildren(heading);
    }

    @Override
    public void visit(FencedCodeBlock block) {
      add(block, Objects.requireNonNullElse(block.getInfo(), ""), block.getLiteral());
    }

    @Override
    public void visit(IndentedCodeBlock block) {
      add(block, "", block.getLiteral());
    }

    @Override
    public void visit(Link link) {
      links.add(link.getDestination());
      visitChildren(link);
    }

    @Override
    public void visit(Image image) {
      links.add(image.getDestination());
    }

    private void add(Node block, String language, String code) {
      int line = block.getSourceSpans().get(0).getLineIndex() + 1;
      String comment = block.getPrevious() instanceof HtmlBlock html ? html.getLiteral() : "";
      blocks.add(new Block(ROOT.relativize(file) + ":" + line, language, code, comment));
    }
  }

  private static String text(Node node) {
    StringBuilder text = new StringBuilder();
    for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
      if (child instanceof Text words) {
        text.append(words.getLiteral());
      } else if (child instanceof Code code) {
        text.append(code.getLiteral());
      } else if (child instanceof SoftLineBreak) {
        text.append(' ');
      } else {
        text.append(text(child));
      }
    }
    return text.toString();
  }

  Path file() {
    return file;
  }

  List<Block> blocks(String language) {
    return blocks.stream().filter(block -> block.language().equals(language)).toList();
  }

  List<Block> blocks() {
    return blocks;
  }

  List<String> links() {
    return links;
  }

  List<String> anchors() {
    return anchors;
  }
}
