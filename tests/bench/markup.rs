//! The blocks of a report as markup for typst: the same headings, paragraphs, lists, tables and links in the same faces. Drawings are
//! given as what they say in words, and status shapes as their words: typst has less to draw, which counts in its favour.

use report::block::{Block, Column, Cover, Span, Table, To, Width};

/// The markup, and how many words it holds.
pub struct Markup {
    pub text: String,
    pub words: usize,
}

/// Writes the markup of blocks.
pub fn markup(blocks: &[Block], title: &str) -> Markup {
    let mut markup = Markup { text: String::new(), words: 0 };
    let head = format!(
        "#set document(title: {}, author: \"Launch Ready\")\n\
         #set page(paper: \"a4\", margin: 18mm, numbering: \"1 / 1\", header: [#text(size: 7.5pt)[Confidential]])\n\
         #set text(font: \"Inter\", size: 9.5pt, lang: \"en\")\n#set par(leading: 0.55em)\n\
         #show raw: set text(font: \"JetBrains Mono\", size: 8pt)\n#show table: set text(size: 8.5pt)\n",
        quoted(title)
    );
    markup.text.push_str(&head);
    markup.blocks(blocks);
    markup
}

impl Markup {
    fn blocks(&mut self, blocks: &[Block]) {
        blocks.iter().for_each(|block| self.block(block));
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Cover(page) => self.cover(page),
            Block::Heading(heading) => {
                let text = self.told(&heading.text);
                self.put(&format!("#heading(level: {}, {text})#label({})\n\n", heading.level, quoted(&heading.id)));
            }
            Block::Paragraph { spans, .. } => self.paragraph(spans),
            Block::List { items, numbered } => {
                self.put(if *numbered { "#enum(" } else { "#list(" });
                for item in items {
                    self.cell(item);
                }
                self.put(")\n\n");
            }
            Block::Table(table) => self.table(table),
            Block::Entry { label, blocks } => {
                let label = self.told(label);
                self.put(&format!("#grid(columns: (92pt, 1fr), [#{label}], [\n"));
                self.blocks(blocks);
                self.put("])\n\n");
            }
            Block::Code(text) => {
                let text = self.told(text);
                self.put(&format!("#block(fill: rgb(\"#f6f4f0\"), inset: 8pt, width: 100%, raw({text}))\n\n"));
            }
            Block::Callout { mark, title, blocks } => {
                self.put("#block(stroke: (left: 2pt), inset: (left: 14pt))[\n");
                let word = [Span::Status(mark.clone()), Span::text(" ")];
                self.paragraph(&[&word, title.as_slice()].concat());
                self.blocks(blocks);
                self.put("]\n\n");
            }
            Block::Figure(figure) => self.paragraph(&[Span::text(figure.says())]),
            Block::Contents(_) => self.put("#outline(depth: 1)\n\n"),
            Block::Signatures(people) => {
                for who in people {
                    self.paragraph(&[Span::text(format!("{who} Signature Date"))]);
                }
            }
            Block::Together(blocks) => self.blocks(blocks),
            Block::PageBreak { unless_left } if *unless_left >= 1.0 => self.put("#pagebreak(weak: true)\n\n"),
            Block::PageBreak { .. } => {}
        }
    }

    fn cover(&mut self, page: &Cover) {
        for text in [&page.by, &page.kicker, &page.title, &page.client, &page.mark.word, &page.says, &page.foot] {
            self.paragraph(&[Span::text(text)]);
        }
        for (title, mark) in &page.stages {
            self.paragraph(&[Span::text(format!("{title} {}", mark.word))]);
        }
        for (label, value) in &page.rows {
            self.paragraph(&[&[Span::text(format!("{label} "))], value.as_slice()].concat());
        }
        self.put("#pagebreak()\n\n");
    }

    fn table(&mut self, table: &Table) {
        let width = |column: &Column| match column.width {
            Width::Fit(_) => "auto".to_owned(),
            Width::Share(part) => format!("{part}fr"),
        };
        let widths: Vec<String> = table.columns.iter().map(width).collect();
        self.put(&format!("#table(columns: ({},), stroke: (bottom: 0.4pt), ", widths.join(", ")));
        if table.columns.iter().any(|column| !column.title.is_empty()) {
            self.put("table.header(");
            for column in &table.columns {
                self.cell(&[Span::Strong(column.title.clone())]);
            }
            self.put("), ");
        }
        for cell in table.rows.iter().flatten() {
            self.cell(cell);
        }
        self.put(")\n\n");
    }

    fn paragraph(&mut self, spans: &[Span]) {
        self.spans(spans);
        self.put("\n\n");
    }

    fn cell(&mut self, spans: &[Span]) {
        self.put("[");
        self.spans(spans);
        self.put("], ");
    }

    fn spans(&mut self, spans: &[Span]) {
        for span in spans {
            let written = match span {
                Span::Text(text) => format!("#{}", self.told(text)),
                Span::Strong(text) => format!("#strong({})", self.told(text)),
                Span::Quiet(text) => format!("#text(fill: rgb(\"#565b64\"), {})", self.told(text)),
                Span::Code(text) => format!("#raw({})", self.told(text)),
                Span::Status(mark) => format!("#strong({})", self.told(&mark.word)),
                Span::Link { text, to: To::Heading(id) } => {
                    format!("#link(label({}), {})", quoted(id), self.told(text))
                }
                Span::Link { text, to: To::Url(url) } => format!("#link({}, {})", quoted(url), self.told(text)),
                Span::Shape(_) => continue,
                Span::Break => "#linebreak()".to_owned(),
            };
            self.put(&written);
        }
    }

    fn put(&mut self, markup: &str) {
        self.text.push_str(markup);
    }

    /// Words as a string of the markup, counted.
    fn told(&mut self, words: &str) -> String {
        self.words += words.split_whitespace().count();
        quoted(words)
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
