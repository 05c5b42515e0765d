//! What a browser makes of our forms: the fields of one, to change and to send.

/// A form's fields, in order.
#[derive(Debug, Clone)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// The editor on a page.
    pub(super) fn of(page: &str) -> Self {
        let start = page.find("<form id=\"editor\"").unwrap_or_else(|| panic!("no editor on {page}"));
        Self::read(&page[start..])
    }

    /// The form that sends to an address.
    pub(super) fn to(page: &str, action: &str) -> Self {
        let start = page.find(&format!("action=\"{action}\">"));
        Self::read(&page[start.unwrap_or_else(|| panic!("nothing sends to {action} on {page}"))..])
    }

    fn read(text: &str) -> Self {
        let text = &text[..text.find("</form>").unwrap()];
        let (mut fields, mut select): (Vec<(String, String)>, Option<String>) = (Vec::new(), None);
        for tag in text.split('<').skip(1) {
            let (head, rest) = tag.split_once('>').unwrap();
            let attribute = |name: &str| {
                let (_, rest) = head.split_once(&format!(" {name}=\""))?;
                Some(unescaped(rest.split_once('"')?.0))
            };
            match head.split(' ').next().unwrap() {
                "input" => fields.push((attribute("name").unwrap(), attribute("value").unwrap_or_default())),
                "textarea" => fields.push((attribute("name").unwrap(), unescaped(rest))),
                "select" => select = attribute("name"),
                "option" if select.is_some() => {
                    let (name, value) = (select.clone().unwrap(), attribute("value").unwrap());
                    // Without a choice, a browser sends the first.
                    let known = fields.last().is_some_and(|(last, _)| last.starts_with("?"));
                    if head.ends_with(" selected") {
                        if known {
                            fields.pop();
                        }
                        fields.push((name, value));
                        select = None;
                    } else if !known {
                        fields.push((format!("?{name}"), value));
                    }
                }
                "/select" => {
                    select = None;
                    if let Some((name, _)) = fields.last_mut().filter(|(name, _)| name.starts_with('?')) {
                        name.remove(0);
                    }
                }
                _ => {}
            }
        }
        Self(fields)
    }

    pub(super) fn pairs(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    pub(super) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or_else(|| panic!("no field {name}"), |(_, value)| value)
    }

    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// Types into the only field of this name.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.set_all(name, &[value]);
    }

    /// Types into the first fields of a repeated name.
    pub(super) fn set_all(&mut self, name: &str, values: &[&str]) {
        let fields = self.0.iter_mut().filter(|(known, _)| known == name);
        let mut count = 0;
        for ((_, field), value) in fields.zip(values) {
            (*field).clone_from(&(*value).to_owned());
            count += 1;
        }
        assert_eq!(count, values.len(), "fields {name}");
    }
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}
