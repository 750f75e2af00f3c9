//! Keeps what the document leads to and numbers it in the order in which it is met: a reader finds pages in their order, and the same input
//! gives the same numbers. `prune_objects` and `renumber_objects` of lopdf look every reference up in a list, which takes the square of
//! their number: seconds for the structure of sixty pages.

use lopdf::{Dictionary, Document, Object, ObjectId};
use std::collections::HashMap;

/// Drops every object that the trailer does not lead to and numbers the others from 1. A reference to nothing becomes null, which is what
/// it means (ISO 32000-1 §7.3.10).
pub fn tidy(document: &mut Document) {
    let mut old = std::mem::take(&mut document.objects);
    let mut met = Met { there: old.keys().map(|id| (*id, 0)).collect(), order: vec![] };
    met.dictionary(&mut document.trailer);
    let mut at = 0;
    while let Some(id) = met.order.get(at).copied() {
        at += 1;
        let Some(mut object) = old.remove(&id) else { continue };
        met.object(&mut object);
        document.objects.insert((number(at), 0), object);
    }
    document.max_id = number(at);
}

/// What was met: the new number of each object that there is, nought until then, and the old ids in the order of the new numbers.
struct Met {
    there: HashMap<ObjectId, u32>,
    order: Vec<ObjectId>,
}

impl Met {
    fn object(&mut self, object: &mut Object) {
        match object {
            Object::Reference(id) => match self.there.get_mut(id) {
                None => *object = Object::Null,
                Some(new) => {
                    if *new == 0 {
                        self.order.push(*id);
                        *new = number(self.order.len());
                    }
                    *id = (*new, 0);
                }
            },
            Object::Array(objects) => objects.iter_mut().for_each(|object| self.object(object)),
            Object::Dictionary(entries) => self.dictionary(entries),
            Object::Stream(stream) => self.dictionary(&mut stream.dict),
            _ => {}
        }
    }

    fn dictionary(&mut self, entries: &mut Dictionary) {
        entries.iter_mut().for_each(|(_, object)| self.object(object));
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::tidy;
    use lopdf::{Document, Object, dictionary};

    #[test]
    fn what_is_not_led_to_is_dropped_and_the_rest_is_numbered_in_order() {
        let mut document = Document::new();
        let lost = document.add_object(Object::Integer(1));
        let leaf = document.add_object(Object::Integer(2));
        let (root, page) = (document.new_object_id(), document.new_object_id());
        document.set_object(page, dictionary! { "Parent" => root, "Leaf" => leaf, "Gone" => (99, 0) });
        document.set_object(root, dictionary! { "Kids" => vec![page.into(), leaf.into()] });
        document.trailer.set("Root", root);
        tidy(&mut document);
        assert_eq!(document.objects.keys().copied().collect::<Vec<_>>(), [(1, 0), (2, 0), (3, 0)]);
        assert_eq!((document.max_id, document.trailer.get(b"Root").unwrap().as_reference().unwrap()), (3, (1, 0)));
        let page = document.get_dictionary((2, 0)).unwrap();
        assert_eq!(page.get(b"Parent").unwrap().as_reference().unwrap(), (1, 0));
        assert_eq!(document.get_object((3, 0)).unwrap().as_i64().unwrap(), 2);
        assert_eq!(*page.get(b"Gone").unwrap(), Object::Null, "a reference to nothing");
        assert_eq!(lost, (1, 0), "the object that nothing leads to stood first");
    }
}
