//! Which plugins may run, and whether they are the ones the project was made with: the real program, plugins made by
//! the C compiler, every refusal in both languages.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

#[allow(dead_code, reason = "other test targets use other parts")]
#[path = "bad_input/workshop.rs"]
mod workshop;

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use serde_json::Value;
use workshop::{Project, Said};

/// A source that needs no option, read by the plugin `counter`.
const COUNTER: &str = "\n[[source]]\nid = \"numbers\"\nplugin = \"counter\"\n[source.options]\ncount = 25\n";

/// A project with a good source and one of the plugin `counter`, which lies in the project and which nobody trusts.
fn project() -> Project {
    let project = Project::with_good_source(COUNTER);
    counter(&project, "");
    project
}

fn counter(project: &Project, more: &str) {
    project.strange_plugin("plugins/counter", "good/counter.c", ("counter", "1.0.0"), (0, more));
}

/// `arguments` in both languages; each answer has the status and its pieces.
fn both(project: &Project, arguments: &[&str], status: i32, english: &[&str], french: &[&str]) -> Said {
    project.vigie(&[arguments, &["--language", "fr"]].concat()).expect(status).says(french);
    let said = project.vigie(&[arguments, &["--language", "en"]].concat());
    said.expect(status).says(english);
    said
}

fn trust(project: &Project) {
    project.vigie(&["plugin", "trust", "counter", "--yes"]).expect(0);
}

#[test]
fn a_plugin_in_a_project_runs_only_after_it_was_trusted() {
    let project = project();
    let said = both(
        &project,
        &["collect", "."],
        3,
        &["[P120]", "`counter 1.0.0`", "is not trusted on this machine", "vigie plugin trust ", "plugins/counter"],
        &["[P120]", "n'a pas votre confiance", "autorisez-le : vigie plugin trust "],
    );
    said.says(&["good: ", "vigie.toml:"]);
    both(&project, &["check", "."], 2, &["P120"], &["P120"]);
    // Its lock alone is no reason to run it: project folders are received from others.
    project.vigie(&["plugin", "lock", "."]).expect(0);
    project.vigie(&["--language", "en", "collect", "."]).expect(3).says(&["is not trusted"]);

    trust(&project);
    let said = project.vigie(&["--language", "en", "collect", "."]);
    said.expect(0).says(&["numbers: 25 read, 25 kept"]);
    project.vigie(&["check", "."]).expect(0);
}

#[test]
fn trusting_shows_what_is_trusted_and_never_guesses_a_yes() {
    let project = project();
    counter(
        &project,
        "[network]\nhosts = [\"api.example.org\"]\nraw = true\n[files]\nread = [\"config:/paths\"]\n\
         [[secret]]\nname = \"token\"\nenv = \"VIGIE_COUNTER_TOKEN\"\nexposure = \"plugin\"\n",
    );
    for (language, pieces, refusal) in [
        (
            "en",
            [
                "publisher: Somebody",
                "SHA-256: ",
                "opens sockets of its own, to any host",
                "asks vigie to contact api.example.org",
                "reads the files and folders named by its option /paths",
                "sees the secret `token` itself",
                "takes up to 512 MiB of memory",
            ],
            "`--yes` must say that you agree",
        ),
        (
            "fr",
            [
                "éditeur : Somebody",
                "SHA-256 : ",
                "ouvre ses propres connexions, vers tout hôte",
                "demande à vigie de contacter api.example.org",
                "lit les fichiers et dossiers que nomme son option /paths",
                "voit lui-même le secret `token`",
                "prend jusqu'à 512 Mio de mémoire",
            ],
            "`--yes` doit dire que vous acceptez",
        ),
    ] {
        let said = project.vigie(&["--language", language, "plugin", "trust", "counter"]);
        said.expect(2).says(&[refusal]);
        for piece in pieces {
            assert!(said.out.contains(piece), "{piece}\n{}", said.whole());
        }
    }
    assert!(!project.home().join(".config/vigie/trusted.toml").exists());
    trust(&project);
    let file = project.home().join(".config/vigie/trusted.toml");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(&file).unwrap();
    for piece in
        ["id = \"counter\"", "version = \"1.0.0\"", "api.example.org", "raw = true", "token (plugin)", "trusted = "]
    {
        assert!(text.contains(piece), "{piece}\n{text}");
    }
}

#[test]
fn code_that_has_changed_is_refused_and_what_it_asks_more_is_named() {
    let project = project();
    trust(&project);
    counter(&project, "[network]\nhosts = [\"evil.example\"]\n[limits]\nmemory_mib = 2048\n");
    both(
        &project,
        &["collect", "."],
        3,
        &["is not the code of version 1.0.0 that was trusted on", "asks vigie to contact evil.example", "2048 MiB"],
        &["n'est pas le code de la version 1.0.0", "il demande à vigie de contacter evil.example", "2048 Mio"],
    );
    // One byte of the library is enough.
    let project = self::project();
    trust(&project);
    let library = project.dir().join("plugins/counter/plugin.so");
    let mut bytes = std::fs::read(&library).unwrap();
    bytes.push(0);
    std::fs::write(&library, bytes).unwrap();
    project.vigie(&["--language", "en", "collect", "."]).expect(3).says(&["[P120]", "is not the code"]);
    // Fewer rights than it asks for are not enough either.
    let project = Project::with_good_source(COUNTER);
    counter(&project, "[network]\nraw = true\n");
    trust(&project);
    let file = project.home().join(".config/vigie/trusted.toml");
    let text = std::fs::read_to_string(&file).unwrap().replace("raw = true", "raw = false");
    std::fs::write(&file, text).unwrap();
    both(
        &project,
        &["collect", "."],
        3,
        &["was granted less than it asks for", "opens sockets of its own"],
        &["a reçu moins de droits qu'il n'en demande", "ouvre ses propres connexions"],
    );
}

#[test]
fn a_file_of_trust_that_others_may_write_or_that_is_broken_trusts_nobody() {
    let project = project();
    trust(&project);
    let file = project.home().join(".config/vigie/trusted.toml");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).unwrap();
    both(
        &project,
        &["collect", "."],
        3,
        &["[P123]", "may be written to by others", "chmod go-w"],
        &["[P123]", "peut être modifié par d'autres", "chmod go-w"],
    )
    .says(&["good: "]);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(&file, "version = 1\nplugin = 7\n").unwrap();
    both(&project, &["check", "."], 2, &["[P123]", "cannot be relied on"], &["[P123]", "on ne peut se fier à"]);
    project.vigie(&["plugin", "trust", "counter", "--yes"]).expect(2);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "version = 1\nplugin = 7\n", "it is the user's to mend");
}

#[test]
fn files_that_others_could_change_are_refused_with_what_to_do() {
    let refused = |change: &dyn Fn(&Path), english: &[&str], french: &[&str]| {
        let project = project();
        trust(&project);
        change(&project.dir().join("plugins"));
        both(&project, &["collect", "."], 3, &[&["[P110]"][..], english].concat(), &[&["[P110]"][..], french].concat());
        project.vigie(&["plugin", "trust", "counter", "--yes"]).expect(2);
    };
    let mode = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    for name in ["counter/plugin.so", "counter/plugin.toml", "counter/spec.json", "counter", ""] {
        let change = |plugins: &Path| mode(&plugins.join(name), if name.contains('.') { 0o664 } else { 0o777 });
        refused(
            &change,
            &["may be written to by others than its owner", "chmod go-w"],
            &["peut être modifié par d'autres que son propriétaire", "chmod go-w"],
        );
    }
    for name in ["plugin.so", "plugin.toml", "spec.json"] {
        let change = |plugins: &Path| {
            let file = plugins.join("counter").join(name);
            std::fs::rename(&file, plugins.join("elsewhere")).unwrap();
            symlink("../elsewhere", &file).unwrap();
        };
        refused(&change, &["is a link"], &["est un lien"]);
    }
    refused(
        &|plugins| {
            std::fs::rename(plugins.join("counter"), plugins.join("../counter-elsewhere")).unwrap();
            symlink("../counter-elsewhere", plugins.join("counter")).unwrap();
        },
        &["is a link"],
        &["est un lien"],
    );
    refused(
        &|plugins| {
            std::fs::remove_file(plugins.join("counter/plugin.so")).unwrap();
            std::fs::create_dir(plugins.join("counter/plugin.so")).unwrap();
        },
        &["is not a regular file"],
        &["n'est pas un fichier ordinaire"],
    );
}

#[test]
fn each_paper_that_is_wrong_has_its_code_and_its_words() {
    let cases: [(&str, &str, &str, &str, &str, &str); 8] = [
        (
            "plugin.toml",
            "manifest = 1",
            "manifest = 1\nx = ",
            "P101",
            "the manifest cannot be read",
            "le manifeste est illisible",
        ),
        (
            "plugin.toml",
            "manifest = 1",
            "manifest = 2",
            "P102",
            "manifest version 2 is not known",
            "version de manifeste 2 inconnue",
        ),
        ("plugin.toml", "\"1.0.0\"", "\"one\"", "P103", "is not of the form 1.2.3", "n'est pas de la forme 1.2.3"),
        ("plugin.toml", "= \"plugin.so\"", "= \"../plugin.so\"", "P103", "without folder", "sans dossier"),
        (
            "spec.json",
            "\"version\":\"1.0.0\"",
            "\"version\":\"2.0.0\"",
            "P104",
            "spec says `counter 2.0.0`",
            "la description `counter 2.0.0`",
        ),
        (
            "plugin.toml",
            "[data]",
            "[library.requires]\nglibc = \"99.1\"\n[data]",
            "P111",
            "needs glibc 99.1",
            "a besoin de glibc 99.1",
        ),
        ("plugin.toml", "minor = 0", "minor = 99", "P112", "was built for ABI 0.99", "vise l'ABI 0.99"),
        (
            "plugin.toml",
            "license =",
            "host = \">=99\"\nlicense =",
            "P112",
            "is for vigie >=99",
            "est fait pour vigie >=99",
        ),
    ];
    for (file, from, to, code, english, french) in cases {
        let project = project();
        let name = format!("plugins/counter/{file}");
        let text = std::fs::read_to_string(project.dir().join(&name)).unwrap();
        assert!(text.contains(from), "{from}");
        project.write(&name, text.replace(from, to));
        both(&project, &["collect", "."], 3, &[code, english, "good: "], &[code, french]);
    }
}

#[test]
fn sizes_are_limited_before_anything_is_read() {
    let project = project();
    let big = std::fs::File::options().write(true).open(project.dir().join("plugins/counter/plugin.so")).unwrap();
    big.set_len((64 << 20) + 1).unwrap();
    both(&project, &["check", "."], 2, &["P114", "more than 64"], &["P114", "plus que 64"]);
    let project = self::project();
    project.write("plugins/counter/spec.json", " ".repeat((1 << 20) + 1));
    both(&project, &["check", "."], 2, &["P104", "larger than 1 MiB"], &["P104", "dépasse 1 Mio"]);
    let project = self::project();
    project.write("plugins/counter/plugin.toml", "#".repeat((64 << 10) + 1));
    both(&project, &["check", "."], 2, &["P101", "larger than 64 KiB"], &["P101", "dépasse 64 Kio"]);
}

#[test]
fn the_lock_is_written_once_kept_and_checked() {
    let project = project();
    trust(&project);
    let lock = project.dir().join("vigie.lock");
    assert!(!lock.exists());
    both(
        &project,
        &["check", ".", "--locked"],
        2,
        &["[P121]", "`counter 1.0.0` is not pinned", "vigie plugin lock"],
        &["[P121]", "n'est pas fixé dans vigie.lock"],
    );
    for command in ["collect", "run"] {
        project.vigie(&[command, ".", "--locked"]).expect(2);
    }
    assert!(!lock.exists() && !project.dir().join("archive").exists(), "nothing was done");
    let said = project.vigie(&["--language", "en", "collect", "."]);
    said.expect(0).says(&["vigie.lock now names", "counter 1.0.0", "keep it with the project"]);
    let written = std::fs::read_to_string(&lock).unwrap();
    assert!(written.contains("source = \"bundled\"") && written.contains("source = \"project\""), "{written}");
    // The second time there is nothing to note.
    let said = project.vigie(&["--language", "en", "collect", ".", "--locked"]);
    assert!(!said.expect(0).err.contains("vigie.lock"), "{}", said.whole());
    assert_eq!(std::fs::read_to_string(&lock).unwrap(), written);

    // Other code, trusted or not, is not the code the project was made with.
    counter(&project, "[limits]\nmemory_mib = 600\n");
    trust(&project);
    let before = project.vigie(&["plan", "."]).out;
    for command in ["collect", "check", "run"] {
        both(
            &project,
            &[command, "."],
            2,
            &["[P121]", "the project was made with", "vigie plugin lock --update counter", "vigie.lock:"],
            &["[P121]", "le projet a été fait avec", "vigie plugin lock --update counter"],
        );
    }
    project.vigie(&["plugin", "lock", "."]).expect(2);
    project.vigie(&["plugin", "lock", ".", "--update", "countre"]).expect(2);
    project.vigie(&["--language", "en", "plugin", "lock", "--update", "counter"]).expect(0).says(&["counter 1.0.0"]);
    project.vigie(&["collect", ".", "--locked"]).expect(0);
    assert_eq!(project.vigie(&["plan", "."]).out, before);
}

#[test]
fn a_lock_that_cannot_be_understood_stops_the_run_with_its_line() {
    let project = project();
    trust(&project);
    project.write("vigie.lock", "version = 1\n[[plugin]]\nid = 7\n");
    both(
        &project,
        &["collect", "."],
        2,
        &["[P121]", "cannot be used", "vigie.lock:3"],
        &["[P121]", "est inutilisable"],
    );
    project.write("vigie.lock", "version = 9\n");
    both(&project, &["collect", "."], 2, &["of another time than this vigie"], &["d'un autre temps que ce vigie"]);
}

#[test]
fn a_part_of_vigie_is_pinned_by_version_and_needs_no_trust() {
    let project = Project::with_good_source("");
    project.vigie(&["collect", "."]).expect(0);
    let lock = std::fs::read_to_string(project.dir().join("vigie.lock")).unwrap();
    assert!(lock.contains("id = \"file\"") && !lock.contains("sha256"), "{lock}");
    let other = lock.replace(&format!("version = \"{}\"", env!("CARGO_PKG_VERSION")), "version = \"0.0.9\"");
    project.write("vigie.lock", other);
    both(
        &project,
        &["collect", "."],
        2,
        &["(part of vigie), the project was made with 0.0.9"],
        &["(partie de vigie), le projet a été fait avec 0.0.9"],
    );
    project.vigie(&["plugin", "lock", "--update", "file"]).expect(0);
    project.vigie(&["collect", ".", "--locked"]).expect(0);
    project.vigie(&["--language", "en", "plugin", "trust", "file"]).expect(0).says(&["needs no trust"]);
    // A plugin of the same name in the project is not that part of vigie.
    project.strange_plugin("plugins/file", "good/counter.c", ("file", env!("CARGO_PKG_VERSION")), (0, ""));
    project.vigie(&["plugin", "trust", "file", "--yes"]).expect(0);
    project.vigie(&["--language", "en", "check", "."]).expect(2).says(&["[P121]", "part of vigie"]);
}

#[test]
fn a_plugin_is_packed_installed_and_run() {
    let project = project();
    std::fs::rename(project.dir().join("plugins"), project.dir().join("work")).unwrap();
    std::fs::write(project.dir().join("work/counter/README.md"), "# Counter\n").unwrap();
    std::fs::write(project.dir().join("work/counter/private.txt"), "not for others\n").unwrap();
    let packed = project.vigie(&["plugin", "pack", "work/counter"]);
    assert_eq!(packed.expect(0).out, "counter-1.0.0.tar.gz\n");
    project.vigie(&["plugin", "pack", "work/counter", "--output", "again.tar.gz"]).expect(0);
    let bytes = |name: &str| std::fs::read(project.dir().join(name)).unwrap();
    assert!(bytes("counter-1.0.0.tar.gz") == bytes("again.tar.gz"));

    // Nobody agreed: nothing is installed.
    project.vigie(&["plugin", "install", "counter-1.0.0.tar.gz"]).expect(2);
    let plugins = project.home().join(".local/share/vigie/plugins");
    assert_eq!(std::fs::read_dir(&plugins).unwrap().count(), 0);
    project
        .vigie(&["--language", "fr", "plugin", "install", "counter-1.0.0.tar.gz", "--yes"])
        .expect(0)
        .says(&["installé dans"]);
    let mut files: Vec<_> =
        std::fs::read_dir(plugins.join("counter")).unwrap().map(|e| e.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["README.md", "plugin.so", "plugin.toml", "spec.json"]);
    project.vigie(&["--language", "en", "collect", "."]).expect(0).says(&["numbers: 25 read, 25 kept"]);
    project.vigie(&["plugin", "install", "work/counter", "--yes"]).expect(0);
    project.vigie(&["collect", ".", "--locked"]).expect(0);

    both(
        &project,
        &["plugin", "install", "vigie.toml", "--yes"],
        2,
        &["[P126]", "cannot be used"],
        &["[P126]", "est inutilisable"],
    );
    both(&project, &["plugin", "install", ".", "--yes"], 2, &["[P101]", "is missing"], &["[P101]", "manque"]);
}

#[test]
fn plugins_are_listed_and_shown_with_what_keeps_them_from_running() {
    let project = project();
    let lines = |said: &Said| -> Vec<Vec<String>> {
        said.out.lines().map(|l| l.split('\t').map(str::to_owned).collect()).collect()
    };
    let state = |said: &Said, id: &str| lines(said).iter().find(|l| l[0] == id).map(|l| (l[2].clone(), l[3].clone()));
    let listed = project.vigie(&["plugin", "list"]);
    listed.expect(0);
    assert_eq!(state(&listed, "counter"), Some(("project".into(), "P120".into())));
    assert_eq!(state(&listed, "file"), Some(("bundled".into(), "usable".into())));
    both(
        &project,
        &["plugin", "list", "-v"],
        0,
        &["is not trusted", ".local/share/vigie/plugins: no such folder"],
        &["n'a pas votre confiance", "plugins : dossier absent"],
    );
    let json = project.vigie(&["plugin", "list", "--json"]);
    let objects: Vec<Value> = json.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(objects[0]["id"], "counter");
    assert_eq!((&objects[0]["state"], &objects[0]["problems"][0]["code"]), (&"P120".into(), &"P120".into()));

    both(&project, &["plugin", "show", "counter"], 2, &["[P120]"], &["[P120]"]);
    trust(&project);
    let shown = project.vigie(&["--language", "en", "plugin", "show", "counter"]);
    for piece in ["counter 1.0.0", "may run on this machine", "is not pinned in vigie.lock", "512 MiB"] {
        assert!(shown.expect(0).out.contains(piece), "{piece}\n{}", shown.whole());
    }
    let shown = project.vigie(&["--language", "fr", "plugin", "show", "file"]);
    for piece in ["peut s'exécuter sur cette machine", "Fichiers à lire", "lit les fichiers et dossiers"] {
        assert!(shown.expect(0).out.contains(piece), "{piece}\n{}", shown.whole());
    }
    both(&project, &["plugin", "show", "countre"], 2, &["there is no plugin `countre`"], &["il n'y a pas de greffon"]);
    assert_eq!(state(&project.vigie(&["plugin", "list"]), "counter"), Some(("project".into(), "usable".into())));
}

#[test]
fn a_second_plugin_of_one_id_is_never_used() {
    let project = project();
    trust(&project);
    project.vigie(&["plugin", "install", "plugins/counter", "--yes"]).expect(0);
    let listed = project.vigie(&["plugin", "list"]);
    let states: Vec<&str> =
        listed.out.lines().filter(|l| l.starts_with("counter\t")).map(|l| l.split('\t').nth(3).unwrap()).collect();
    assert_eq!(states, ["usable", "shadowed"]);
    both(&project, &["plugin", "show", "counter"], 0, &["[P105]", "is ignored"], &["[P105]", "est ignoré"]);
}

#[test]
fn trust_is_taken_back() {
    let project = project();
    trust(&project);
    project.vigie(&["collect", "."]).expect(0);
    let untrust =
        |rest: &[&str], language: &str| project.vigie(&[&["--language", language, "plugin", "untrust"], rest].concat());
    untrust(&["countre"], "en").expect(2).says(&[
        "[P124]",
        "nothing was changed",
        "`countre`",
        "it names `counter 1.0.0`",
    ]);
    untrust(&["counter", "--version", "2.0.0"], "fr").expect(2).says(&["`counter 2.0.0` ; il nomme `counter 1.0.0`"]);
    project.vigie(&["check", "."]).expect(0);

    // The plugin itself may be gone.
    let (there, away) = (project.dir().join("plugins"), project.dir().join("away"));
    std::fs::rename(&there, &away).unwrap();
    untrust(&["counter"], "en").expect(0).says(&["counter 1.0.0 may not run on this machine any more", "trusted.toml"]);
    std::fs::rename(&away, &there).unwrap();
    both(&project, &["check", "."], 2, &["[P120]", "is not trusted"], &["[P120]", "n'a pas votre confiance"]);
    untrust(&["counter"], "fr").expect(2).says(&["il n'en nomme aucun"]);

    // One of two versions, and the other stays.
    trust(&project);
    project.strange_plugin("plugins/counter", "good/counter.c", ("counter", "1.0.1"), (0, ""));
    trust(&project);
    untrust(&["counter", "--version", "1.0.0"], "fr")
        .expect(0)
        .says(&["counter 1.0.0 : plus autorisé à s'exécuter sur cette machine"]);
    let listed = project.vigie(&["plugin", "list"]);
    assert!(listed.expect(0).out.contains("counter\t1.0.1\tproject\tusable\t"), "{}", listed.whole());
    untrust(&["counter"], "en").expect(0).says(&["counter 1.0.1 may not"]);

    // A file that cannot be relied on is not written to.
    let file = project.home().join(".config/vigie/trusted.toml");
    std::fs::write(&file, "version = 1\nplugin = 3\n").unwrap();
    untrust(&["counter"], "en").expect(2).says(&["[P123]", "cannot be relied on"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "version = 1\nplugin = 3\n");
}

#[test]
fn a_folder_of_the_command_line_comes_before_all_others() {
    let project = project();
    trust(&project);
    project.write("vigie.toml", {
        let settings = std::fs::read_to_string(project.dir().join("vigie.toml")).unwrap();
        format!("{settings}\n[plugins]\npath = [\"named\"]\n")
    });
    project.strange_plugin("named/counter", "good/counter.c", ("counter", "1.0.0"), (0, ""));
    project.strange_plugin("given/counter", "good/counter.c", ("counter", "1.0.0"), (0, ""));
    let first = |arguments: &[&str]| -> String {
        let said = project.vigie(&[&["plugin", "list"], arguments].concat());
        let line = said.expect(0).out.lines().find(|l| l.starts_with("counter\t")).map(str::to_owned);
        line.unwrap_or_else(|| panic!("{}", said.whole()))
    };
    assert!(first(&[]).ends_with("named/counter"));
    assert!(first(&["--plugin-dir", "given"]).ends_with("given/counter"));
    assert!(first(&["--plugin-dir", "plugins", "--plugin-dir", "given"]).ends_with("plugins/counter"), "in order");
    // From another folder a relative one still starts from the project, and a plugin folder itself will do.
    let whole = project.dir().join("given/counter");
    for given in ["given", whole.to_str().unwrap()] {
        for command in ["check", "plan", "collect", "run"] {
            let mut command = project.command(&[command, project.dir().to_str().unwrap(), "--plugin-dir", given]);
            Said::from(command.current_dir(project.home()).output().unwrap()).expect(0);
        }
    }
    project.vigie(&["plugin", "lock", ".", "--plugin-dir", "given"]).expect(0);
    project.vigie(&["plugin", "show", "counter", "--plugin-dir", "given"]).expect(0);
    project.vigie(&["plugin", "trust", "counter", "--plugin-dir", "given", "--yes"]).expect(0);

    project.write("data/file", "");
    for command in ["check", "plan", "collect", "run"] {
        let arguments = [command, ".", "--plugin-dir", "nowhere", "--plugin-dir", "data/file"];
        both(
            &project,
            &arguments,
            2,
            &["[P106]", "there is no folder `/", "nowhere`", "data/file` is not a folder"],
            &["[P106]", "il n'y a pas de dossier `/", "data/file` n'est pas un dossier", "nommez un dossier"],
        );
    }
    // Somebody who stands elsewhere meant their own folder.
    std::fs::create_dir(project.home().join("mine")).unwrap();
    let mut command =
        project.command(&["--language", "fr", "check", project.dir().to_str().unwrap(), "--plugin-dir", "mine"]);
    let said = Said::from(command.current_dir(project.home()).output().unwrap());
    said.expect(2).says(&["un dossier relatif part du projet ; écrivez `--plugin-dir /", "home/mine`"]);
}

#[test]
fn the_doctor_says_what_the_machine_offers() {
    let project = project();
    for (language, pieces) in [
        ("en", ["vigie: ", "system: linux_", "sandbox of plugins: ", "settings: ", "plugin: file ", "time zone: "]),
        (
            "fr",
            [
                "vigie : ",
                "système : linux_",
                "bac à sable des greffons : ",
                "réglages : ",
                "greffon : file ",
                "fuseau horaire : ",
            ],
        ),
    ] {
        let said = project.vigie(&["--language", language, "doctor"]);
        for piece in pieces {
            assert!(said.expect(0).out.contains(piece), "{piece}\n{}", said.whole());
        }
    }
}

#[test]
fn a_report_names_plugins_and_what_was_enforced_on_them() {
    let project = Project::with_good_source("");
    project.vigie(&["run", "."]).expect(0);
    let manifest = workshop::json(&project.report_folder().join("manifest.json"));
    let inputs = &manifest["inputs"];
    assert_eq!(inputs["source.good"], format!("file {}", env!("CARGO_PKG_VERSION")));
    let level = inputs["source.good.sandbox"].as_str().unwrap();
    assert!(["none", "files", "files+tcp", "files+tcp+signals"].contains(&level), "{level}");
}
