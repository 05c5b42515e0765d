//! Lines in, lines out: buffered when there are many, at once when somebody waits.

use super::{Answer, Shape};
use std::io::{self, BufRead, BufReader, Read, Write};

/// Longest line that is read, in bytes: two of the longest texts that any tool reads.
const MAX_LINE: u64 = 130_000;

/// Writes an answer for each line. A line that is too long or not UTF-8 comes as the reason why it
/// is not read; it has its answer too, so that answers and lines stay side by side. What is wrong is said with
/// the number of the line, from 1.
pub(super) fn answer(
    input: impl Read,
    output: impl Write,
    shape: Shape,
    answer: impl Fn(Result<&str, String>) -> Answer,
) -> io::Result<()> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let mut output = io::BufWriter::with_capacity(1 << 16, output);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if (&mut input).take(MAX_LINE + 1).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let is_whole = line.last() == Some(&b'\n');
        let found = if !is_whole && line.len() as u64 > MAX_LINE {
            skip_line(&mut input)?;
            Err(format!("a line of more than {MAX_LINE} bytes"))
        } else {
            let text = line.strip_suffix(b"\n").unwrap_or(&line);
            std::str::from_utf8(text.strip_suffix(b"\r").unwrap_or(text)).map_err(|_| "not UTF-8".to_owned())
        };
        match (answer(found), shape) {
            (Answer::Known(text), Shape::Text) => output.write_all(text.as_bytes())?,
            (other, shape) => output.write_all(other.shown(shape, Some(number)).as_bytes())?,
        }
        output.write_all(b"\n")?;
        // Nothing more is here yet: whoever writes the lines may wait for this answer.
        if input.buffer().is_empty() {
            output.flush()?;
        }
    }
    output.flush()
}

fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let found = input.fill_buf()?;
        let end = found.iter().position(|byte| *byte == b'\n');
        let (length, is_done) = (end.map_or(found.len(), |end| end + 1), end.is_some() || found.is_empty());
        input.consume(length);
        if is_done {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(input: &[u8]) -> String {
        answers_as(Shape::Text, input)
    }

    fn answers_as(shape: Shape, input: &[u8]) -> String {
        let mut output = Vec::new();
        answer(input, &mut output, shape, |line| match line {
            Ok(line) => Answer::Known(line.to_uppercase()),
            Err(reason) => Answer::Refused(reason),
        })
        .unwrap();
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn every_line_has_its_answer_whatever_it_is() {
        assert_eq!(answers(b""), "");
        assert_eq!(answers(b"a\r\n\nb"), "A\n\nB\n");
        assert_eq!(answers(b"a\n\xff\nb\n"), "A\nerror\tline 2: not UTF-8\nB\n");
        let mut long = vec![b'x'; 400_000];
        long.extend(b"\nb\n");
        assert_eq!(answers(&long), "error\tline 1: a line of more than 130000 bytes\nB\n");
        assert_eq!(
            answers_as(Shape::Json, b"a\"\n\xff\n"),
            "{\"line\":1,\"answer\":\"A\\\"\"}\n{\"line\":2,\"error\":\"not UTF-8\"}\n"
        );
        assert_eq!(answers(&long[..300_000]), "error\tline 1: a line of more than 130000 bytes\n");
    }
}
