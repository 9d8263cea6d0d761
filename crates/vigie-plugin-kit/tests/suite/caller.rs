//! The source of a service that `tests/plugins/caller` is, with recordings made for it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use vigie_plugin_host::manifest::platform;

use crate::workshop::{empty_folder, repository};

/// Items on one page.
const PAGE: usize = 3;

/// An item of the service.
#[derive(Clone, Copy)]
struct Post(u32, &'static str, &'static str);

const ALTO: [Post; 7] = [
    Post(101, "2026-10-01T08:00:00Z", "Alto m'a répondu en cinq minutes, très content"),
    Post(102, "2026-10-02T08:00:00Z", "Alto est en panne depuis ce matin"),
    Post(103, "2026-10-03T08:00:00Z", "Merci à Alto pour le forfait"),
    Post(104, "2026-10-04T08:00:00Z", "Alto raised its price again"),
    Post(105, "2026-10-05T08:00:00Z", "Fine where I live"),
    Post(106, "2026-10-06T08:00:00Z", "Encore une panne d'Alto"),
    Post(107, "2026-10-07T08:00:00Z", "Bravo à l'équipe d'Alto"),
];
/// Written in the same second as the last one, late, and edited.
const LATER: [Post; 3] = [
    Post(108, "2026-10-07T08:00:00Z", "Bravo encore"),
    Post(109, "2026-10-01T23:00:00Z", "Arrivé en retard"),
    Post(103, "2026-10-03T08:00:00Z", "Merci à Alto pour le forfait (modifié)"),
];
const BOREAL: [Post; 3] = [
    Post(201, "2026-10-02T09:00:00Z", "Boreal, rien à dire"),
    Post(202, "2026-10-03T09:00:00Z", "Boreal répond mal"),
    Post(203, "2026-10-04T09:00:00Z", "Boreal est lent"),
];

/// The plugin's folder, its source with one fault; `none` is a good one.
pub(crate) fn caller(fault: &str) -> PathBuf {
    let folder = empty_folder(&format!("caller_{fault}"));
    // Cargo has put it beside this test.
    let built = std::env::current_exe().unwrap().with_file_name("libcaller_plugin.so");
    std::fs::copy(&built, folder.join("caller.so")).unwrap();
    std::fs::copy(repository().join("tests/plugins/caller/spec.json"), folder.join("spec.json")).unwrap();
    let manifest = format!(
        "manifest = 1\nid = \"caller\"\nversion = \"0.1.0\"\nkinds = [\"source\"]\nabi = {{ major = 0, minor = 0 }}\n\
         name = {{ en = \"Caller\", fr = \"Appelant\" }}\n\
         description = {{ en = \"Posts of a forum\", fr = \"Les messages d'un forum\" }}\nlicense = \"MIT\"\n\
         [library]\n{} = \"caller.so\"\n[network]\nhosts = [\"config:/url\"]\n\
         [[secret]]\nname = \"token\"\nrequired = true\nenv = \"VIGIE_CALLER_TOKEN\"\n\
         help = {{ en = \"in the settings\", fr = \"dans les réglages\" }}\n\
         [[secret]]\nname = \"sign\"\nrequired = true\nenv = \"VIGIE_CALLER_SIGN\"\nexposure = \"plugin\"\n\
         help = {{ en = \"beside it\", fr = \"à côté\" }}\n\
         [[rate]]\nbucket = \"default\"\nper = \"1s\"\nrequests = 1000\n\
         [data]\ntables = [\"mentions/1\", \"coverage/1\"]\nincremental = true\nresume = \"exact\"\n\
         terms = \"https://forum.example/terms\"\n",
        platform()
    );
    std::fs::write(folder.join("plugin.toml"), manifest).unwrap();
    let page = "# Forum\n\nPosts of a forum, oldest first, with their authors and likes. The terms are those of the \
                forum. It answers a thousand requests a second. Everything is kept for as long as the project says. \
                What was deleted before the first reading is missed.\n";
    std::fs::write(folder.join("README.md"), page).unwrap();
    let page = "# Forum\n\nLes messages d'un forum, du plus ancien au plus récent, avec auteurs et mentions « j'aime ». \
                Les conditions sont celles du forum. Il répond à mille requêtes par seconde. Tout est gardé aussi \
                longtemps que le projet le dit. Ce qui fut supprimé avant la première lecture manque.\n";
    std::fs::write(folder.join("LISEZMOI.md"), page).unwrap();
    let whole = |query: &'static str, posts: &[Post]| (query, posts.to_vec());
    let later: Vec<Post> = [ALTO.as_slice(), &LATER].concat();
    let alto = [whole("alto", &ALTO)];
    case(&folder, fault, "alto", "shows = \"full\"\nrows = 7", &alto, false);
    case(&folder, fault, "empty", "shows = \"empty\"", &[("nothing", Vec::new())], false);
    case(&folder, fault, "capped", "shows = \"capped\"", &alto, true);
    case(&folder, fault, "later", "shows = \"news\"\nafter = \"alto\"\nrows = 3", &[("alto", later)], false);
    let both = [whole("alto", &ALTO), whole("boreal", &BOREAL)];
    case(&folder, fault, "more", "shows = \"news\"\nafter = \"alto\"\nrows = 3", &both, false);
    std::fs::create_dir_all(folder.join("tests/states")).unwrap();
    let state = r#"{"case": "alto", "state_version": 1, "state": {"after": 104}, "rows": 3}"#;
    std::fs::write(folder.join("tests/states/first.json"), state).unwrap();
    folder
}

fn case(folder: &Path, fault: &str, name: &str, head: &str, feeds: &[(&str, Vec<Post>)], capped: bool) {
    let folder = folder.join("tests/recordings").join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let queries: Vec<&str> = feeds.iter().map(|(query, _)| *query).collect();
    let text = format!(
        "{head}\n\n[options]\nurl = \"https://forum.example/v1\"\nqueries = {queries:?}\nfault = \"{fault}\"\n"
    );
    std::fs::write(folder.join("case.toml"), text).unwrap();
    let mut recording = "recording = 1\n".to_owned();
    for (query, posts) in feeds {
        let ids: Vec<u32> = posts.iter().map(|p| p.0).collect();
        for after in [0].iter().chain(&ids) {
            let start = ids.iter().position(|id| id == after).map_or(0, |at| at + 1);
            exchanges(&mut recording, query, *after, &posts[start..], capped);
        }
    }
    std::fs::write(folder.join("http.toml"), recording).unwrap();
}

fn exchanges(recording: &mut String, query: &str, after: u32, posts: &[Post], capped: bool) {
    let pages: Vec<&[Post]> = if posts.is_empty() { vec![&[]] } else { posts.chunks(PAGE).collect() };
    for (index, page) in pages.iter().enumerate() {
        let items: Vec<String> = page
            .iter()
            .map(|Post(id, created, text)| {
                let likes = id % 10 + 1;
                format!(
                    r#"{{"id":{id},"text":"{text}","created":"{created}","likes":{likes},"author":"Marianne {id}"}}"#
                )
            })
            .collect();
        let last = index + 1 == pages.len();
        let next = if last { "null".to_owned() } else { (index + 2).to_string() };
        writeln!(
            recording,
            "[[exchange]]\nurl = \"https://forum.example/v1/posts?q={query}&after={after}&page={}\"\nrepeat = true\n\
             body = '''{{\"items\":[{}],\"next\":{next},\"capped\":{}}}'''",
            index + 1,
            items.join(","),
            capped && last
        )
        .unwrap();
    }
}
